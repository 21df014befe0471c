package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.Manifest;
import io.sanadflow.studyhub.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The content of a backup, checked against its manifest while it is read. */
final class RestoreContent {

  /** What to do about a backup that is not what it should be. */
  static final String ANOTHER = "Restore another backup: kubectl get studyhubbackups";

  private final AgentContext context;
  private final Archive archive;
  private final Manifest manifest;

  RestoreContent(AgentContext context, Archive archive, Manifest manifest) {
    this.context = context;
    this.archive = archive;
    this.manifest = manifest;
  }

  /** Whether it is there and can be opened, before anything is done. */
  void check() throws IOException {
    if (manifest.encrypted()) {
      decryption();
    }
    Optional<ObjectStore.Stored> content = archive.store().head(manifest.key());
    if (content.isEmpty()) {
      throw new AgentException(
          "BackupIncomplete",
          "%s has a manifest, but its content is not in %s: it was deleted there. %s"
              .formatted(manifest.key(), archive.name(), ANOTHER));
    }
    sameSize(content.get().bytes());
  }

  private Encryption decryption() throws IOException {
    String recipient = String.valueOf(manifest.recipient());
    Encryption encryption =
        context
            .encryption()
            .orElseThrow(
                () ->
                    new AgentException(
                        "EncryptionKeyMissing",
                        "%s is encrypted for %s, and no key is given: put the key of it into a"
                                .formatted(manifest.key(), recipient)
                            + " Secret and name that in spec.backup.encryption"));
    if (!encryption.opens(recipient)) {
      throw new AgentException(
          "WrongKey",
          "%s is encrypted for %s; the key that is given is of %s. Add the right key to the Secret"
                  .formatted(manifest.key(), recipient, encryption.recipient())
              + " of spec.backup.encryption, as a line of its own");
    }
    return encryption;
  }

  private void sameSize(long bytes) throws AgentException {
    if (bytes != manifest.bytes()) {
      throw new AgentException(
          "Truncated",
          "%s has %d bytes; %d were stored: it was cut off or replaced. %s"
              .formatted(manifest.key(), bytes, manifest.bytes(), ANOTHER));
    }
  }

  /** Decrypts what belongs to the backup. */
  InputStream plain(InputStream stored) throws IOException {
    return manifest.encrypted() ? decryption().decrypting(stored) : stored;
  }

  /**
   * Hands the content to a step of the tools that was begun.
   *
   * @throws AgentException Truncated or Tampered, once all of it was handed over
   */
  void feed(RestoreTools tools, String step) throws IOException, InterruptedException {
    try (InputStream stored = archive.store().get(manifest.key());
        Summed summed = new Summed(stored)) {
      IOException damaged = null;
      try {
        tools.feed(step, plain(summed));
      } catch (AgentException failed) {
        damaged = failed;
      }
      summed.drain();
      sameSize(summed.bytes());
      if (!summed.sha256().equals(manifest.sha256())) {
        throw new AgentException(
            "Tampered",
            "%s has another SHA-256 than its manifest says: it was changed or damaged in the store. %s"
                .formatted(manifest.key(), ANOTHER));
      }
      if (damaged != null) {
        throw damaged;
      }
    }
  }
}
