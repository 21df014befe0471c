package io.sanadflow.studyhub.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.Message;
import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.News;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** Messages as receivers take them. */
final class Bodies {

  /** Slack cuts a text past 4,000 characters: docs.slack.dev, "Truncating really long messages". */
  static final int SLACK_TEXT = 4000;

  /** Of a header block, in plain text: docs.slack.dev, Block Kit, header. */
  static final int SLACK_HEADER = 150;

  /** Of a section block: docs.slack.dev, Block Kit, section. */
  static final int SLACK_SECTION = 3000;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Bodies() {}

  /**
   * As Slack's incoming webhooks take it: blocks, and a text for where blocks are not shown.
   *
   * @param hub namespace and name, separated by a slash
   */
  static byte[] slack(String hub, Message message) {
    ObjectNode body = JSON.objectNode();
    body.put("text", cut(escaped(summary(hub, message)), SLACK_TEXT));
    ArrayNode blocks = body.putArray("blocks");
    ObjectNode header = blocks.addObject().put("type", "header").putObject("text");
    header
        .put("type", "plain_text")
        .put("text", cut(headline(hub, message), SLACK_HEADER))
        .put("emoji", true);
    for (News news : message.news()) {
      String text = icon(news) + " *" + escaped(Wording.heading(news)) + "*" + details(news);
      section(blocks, "section", cut(text, SLACK_SECTION));
    }
    String foot = "StudyHub " + hub + ", message " + message.id();
    ObjectNode context = blocks.addObject().put("type", "context");
    context
        .putArray("elements")
        .addObject()
        .put("type", "mrkdwn")
        .put("text", cut(escaped(leftOut(message) + foot), SLACK_SECTION));
    return bytes(body);
  }

  private static String details(News news) {
    StringBuilder text = new StringBuilder();
    if (news.reason() != null && news.state().equals("Problem")) {
      text.append(" (").append(escaped(news.reason())).append(')');
    }
    text.append(" since ").append(news.time());
    if (news.message() != null) {
      text.append('\n').append(escaped(news.message()));
    }
    return text.toString();
  }

  private static void section(ArrayNode blocks, String type, String text) {
    blocks.addObject().put("type", type).putObject("text").put("type", "mrkdwn").put("text", text);
  }

  /** As any webhook takes it; the shape is documented in docs/notifications.md. */
  static byte[] webhook(String namespace, String name, Message message) {
    ObjectNode body = JSON.objectNode();
    body.put("version", 1).put("id", message.id());
    body.putObject("hub").put("namespace", namespace).put("name", name);
    body.put("text", summary(namespace + "/" + name, message));
    ArrayNode all = body.putArray("news");
    for (News news : message.news()) {
      ObjectNode one = all.addObject();
      one.put("time", news.time()).put("type", news.type()).put("state", news.state());
      one.put("reason", news.reason()).put("message", news.message());
    }
    body.put("leftOut", message.leftOut() == null ? 0 : message.leftOut());
    return bytes(body);
  }

  private static String headline(String hub, Message message) {
    News first = message.news().get(0);
    int more = message.news().size() - 1;
    return hub + ": " + Wording.heading(first) + (more == 0 ? "" : ", and " + more + " more");
  }

  private static String summary(String hub, Message message) {
    return leftOut(message)
        + message.news().stream()
            .map(it -> hub + ": " + Wording.line(it))
            .collect(Collectors.joining("\n"));
  }

  private static String leftOut(Message message) {
    return message.leftOut() == null
        ? ""
        : message.leftOut() + " older news are left out; see the hub's events. ";
  }

  private static String icon(News news) {
    return news.state().equals("Problem") ? ":red_circle:" : ":large_green_circle:";
  }

  /** The three characters that mean something to Slack: docs.slack.dev, "Escaping text". */
  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** At most so many characters, of which none is a piece of an escaped or of a paired one. */
  static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = most - 3;
    int escape = text.lastIndexOf('&', end - 1);
    if (escape >= 0 && text.indexOf(';', escape) >= end && end - escape < 5) {
      end = escape;
    }
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "...";
  }

  private static byte[] bytes(JsonNode body) {
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }
}
