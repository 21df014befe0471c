package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.ReportCodec;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** One line per step, as text or, where LOG_FORMAT is json, as JSON. */
final class StepLog {

  private final PrintStream out;
  private final boolean json;

  StepLog(PrintStream out, Map<String, String> environment) {
    this.out = out;
    this.json = "json".equals(environment.get("LOG_FORMAT"));
  }

  /** Writes a line. */
  void step(String message) {
    String time = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    if (json) {
      Map<String, String> line = new LinkedHashMap<>();
      line.put("time", time);
      line.put("message", message);
      out.println(ReportCodec.json(line));
    } else {
      out.println(time + " " + message);
    }
    out.flush();
  }
}
