package io.sanadflow.studyhub.e2e;

import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.UUID;

/**
 * A file system of its own on the node, which can be full, as a persistent volume for one claim.
 */
final class SmallVolume implements AutoCloseable {

  private final Cluster cluster;
  private final Node node;
  private final String name = "e2e-small-" + UUID.randomUUID().toString().substring(0, 5);
  private final String directory = "/var/tmp/" + name;

  private SmallVolume(Cluster cluster, Node node) {
    this.cluster = cluster;
    this.node = node;
  }

  /** Makes one for the claim of this name in the namespace of the tests. */
  static SmallVolume of(Cluster cluster, Node node, String claim, int mebibytes) {
    SmallVolume volume = new SmallVolume(cluster, node);
    node.runAmongFiles(
        "mkdir -p %1$s/volume && truncate -s %2$dM %1$s/image && mkfs.ext4 -q -m 0 %1$s/image && mount -o loop %1$s/image %1$s/volume && rmdir %1$s/volume/lost+found && chmod 777 %1$s/volume"
            .formatted(volume.directory, mebibytes));
    cluster
        .client()
        .resource(
            new PersistentVolumeBuilder()
                .withNewMetadata()
                .withName(volume.name)
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withCapacity(Map.of("storage", Quantity.parse(mebibytes + "Mi")))
                .withPersistentVolumeReclaimPolicy("Retain")
                .withStorageClassName(volume.name)
                .withNewClaimRef()
                .withNamespace(cluster.namespace())
                .withName(claim)
                .endClaimRef()
                .withNewHostPath()
                .withPath(volume.directory + "/volume")
                .endHostPath()
                .endSpec()
                .build())
        .create();
    return volume;
  }

  /** The class that a claim names to get it. */
  String storageClass() {
    return name;
  }

  /** Fills it with a file, but for this many mebibytes. */
  void fill(int left) {
    node.runAmongFiles(
        "free=$(df -Pm %1$s/volume | awk 'END {print $4}'); fallocate -l $((free - %2$d))M %1$s/volume/fill-$(date +%%s%%N)"
            .formatted(directory, left));
  }

  /** Deletes what {@link #fill} has made. */
  void empty() {
    node.runAmongFiles("rm -f %s/volume/fill-*".formatted(directory));
  }

  /** Deletes it; the pods that use it must be gone. */
  @Override
  public void close() {
    cluster.client().persistentVolumes().withName(name).delete();
    node.runAmongFiles("umount -l %1$s/volume && rm -r %1$s".formatted(directory));
  }
}
