package io.sanadflow.studyhub.notify;

import io.sanadflow.studyhub.api.v1alpha1.NotificationsStatus.News;
import java.util.Map;

/** What news are called, for people. */
final class Wording {

  /** Headings of reasons for being Degraded; another reason is its own heading. */
  private static final Map<String, String> HEADINGS =
      Map.ofEntries(
          Map.entry("BackupFailed", "backup failed"),
          Map.entry("BackupOverdue", "backup late"),
          Map.entry("NoBackup", "no backup"),
          Map.entry("NoPlaceForBackups", "no place for backups"),
          Map.entry("DrillFailed", "restore drill failed"),
          Map.entry("RecoveryTooSlow", "restore too slow"),
          Map.entry("VolumeNearlyFull", "disk nearly full"),
          Map.entry("ArchiveStuck", "write-ahead log is stuck"),
          Map.entry("ArchiveGap", "write-ahead log has a gap"),
          Map.entry("ArchivingFails", "archiving fails"),
          Map.entry("CertificateEnding", "certificate near its end"),
          Map.entry("OffloadFailed", "offload failed"),
          Map.entry("DatabaseLarge", "database large"),
          Map.entry("NotificationsFail", "a receiver of notifications fails"));

  private Wording() {}

  /** A few words. */
  static String heading(News news) {
    boolean well = !news.state().equals("Problem");
    return switch (news.type()) {
      case "Ready" -> well ? "serves again" : "does not serve";
      case "Stalled" -> well ? "needs no help any more" : "needs help";
      case "Offload" -> "offload done";
      default -> {
        String reason = String.valueOf(news.reason());
        yield HEADINGS.getOrDefault(reason, reason) + (well ? ": recovered" : "");
      }
    };
  }

  /** One line: the heading, the reason and the message. */
  static String line(News news) {
    StringBuilder text = new StringBuilder(heading(news));
    if (news.state().equals("Problem") && news.reason() != null) {
      text.append(" (").append(news.reason()).append(')');
    }
    if (news.message() != null) {
      text.append(": ").append(news.message());
    }
    return text.toString();
  }
}
