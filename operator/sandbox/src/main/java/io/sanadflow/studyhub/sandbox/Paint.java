package io.sanadflow.studyhub.sandbox;

import java.io.Console;
import java.nio.charset.Charset;
import java.util.Map;

/**
 * Marks and colours of the output.
 *
 * @param colours whether the output is a terminal that shows them
 * @param unicode whether the output can hold marks and lines beyond ASCII
 */
record Paint(boolean colours, boolean unicode) {

  /** How something fares. */
  enum Mark {
    READY("\u2713", "+", "32"),
    WAITING("\u2026", ".", "33"),
    FAILED("\u2717", "x", "31"),
    PLAIN("\u00b7", "-", "2");

    private final String sign;
    private final String ascii;
    private final String colour;

    Mark(String sign, String ascii, String colour) {
      this.sign = sign;
      this.ascii = ascii;
      this.colour = colour;
    }
  }

  /** As this process's standard output is. */
  static Paint ofOutput(Map<String, String> environment) {
    Console console = System.console();
    boolean terminal = console != null && isTerminal(console);
    Charset charset = console == null ? Charset.defaultCharset() : console.charset();
    return new Paint(
        terminal
            && !environment.containsKey("NO_COLOR")
            && !"dumb".equals(environment.getOrDefault("TERM", "dumb")),
        charset.newEncoder().canEncode('\u2713'));
  }

  /** From Java 22 on there is a console even without a terminal, which has to be asked. */
  private static boolean isTerminal(Console console) {
    try {
      return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
    } catch (ReflectiveOperationException older) {
      return true;
    }
  }

  String mark(Mark mark) {
    return in(mark.colour, unicode ? mark.sign : mark.ascii);
  }

  String text(Mark mark, String text) {
    return in(mark.colour, text);
  }

  String bold(String text) {
    return in("1", text);
  }

  String dim(String text) {
    return in("2", text);
  }

  String branch(boolean last) {
    return unicode ? (last ? "\u2514\u2500 " : "\u251c\u2500 ") : (last ? "`- " : "|- ");
  }

  String stem(boolean last) {
    return last ? "   " : unicode ? "\u2502  " : "|  ";
  }

  private String in(String colour, String text) {
    return colours ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
  }
}
