package io.sanadflow.studyhub.offload;

import io.sanadflow.studyhub.backup.OffloadLayout;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.store.ObjectStore;
import io.sanadflow.studyhub.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the volumes held, a point a day, and the forecast from it. */
public final class History {

  private static final int MOST = 256 * 1024;

  private final List<Point> points;

  /**
   * A day.
   *
   * @param used bytes by volume
   */
  record Point(LocalDate day, Map<String, Long> used) {

    long bytes() {
      return used.values().stream().mapToLong(it -> it).sum();
    }
  }

  private record Points(List<Point> points) {}

  History(List<Point> points) {
    this.points = List.copyOf(points);
  }

  /**
   * Reads the history and, once a day, adds to it.
   *
   * @param prefix of the bucket
   * @throws StoreException if the store does not answer
   */
  public static History with(
      ObjectStore store, String prefix, LocalDate today, List<Report.Volume> volumes)
      throws StoreException {
    String key = new OffloadLayout(prefix).history();
    History before = read(store, key);
    History now = before.and(today, volumes);
    if (before.points.stream().noneMatch(it -> it.day().equals(today))) {
      store.put(key, ReportCodec.json(new Points(now.points)).getBytes(StandardCharsets.UTF_8));
    }
    return now;
  }

  /** No more than today is known. */
  public static History none() {
    return new History(List.of());
  }

  private static History read(ObjectStore store, String key) throws StoreException {
    byte[] text;
    try (InputStream in = store.get(key)) {
      text = in.readNBytes(MOST);
    } catch (StoreException failed) {
      if (failed.reason().equals("NotFound")) {
        return none();
      }
      throw failed;
    } catch (IOException failed) {
      throw new StoreException("Unreachable", "cannot read " + key + ": " + failed, failed);
    }
    try {
      Points read = ReportCodec.read(text, Points.class);
      return read == null || read.points() == null ? none() : new History(read.points());
    } catch (IOException damaged) {
      // It begins anew: a forecast is worth no failure.
      return none();
    }
  }

  private History and(LocalDate today, List<Report.Volume> volumes) {
    Map<String, Long> used =
        volumes.stream()
            .collect(Collectors.toMap(Report.Volume::name, Report.Volume::usedBytes, Long::sum));
    TreeMap<LocalDate, Point> all = new TreeMap<>();
    points.forEach(it -> all.put(it.day(), it));
    all.put(today, new Point(today, used));
    return new History(List.copyOf(all.tailMap(today.minusDays(Forecast.DAYS)).values()));
  }

  /**
   * What the volumes hold, with the days on which they are full.
   *
   * @param thresholdBytes of all together, if the hub has a threshold
   */
  public Report.Storage forecast(
      List<Report.Volume> volumes,
      List<Report.Table> tables,
      LocalDate today,
      Optional<Long> thresholdBytes) {
    List<Report.Volume> told =
        volumes.stream()
            .map(
                it ->
                    new Report.Volume(
                        it.name(),
                        it.usedBytes(),
                        it.freeBytes(),
                        it.totalBytes(),
                        full(it, today)))
            .toList();
    long bytes = volumes.stream().mapToLong(Report.Volume::usedBytes).sum();
    SortedMap<LocalDate, Long> sums = new TreeMap<>();
    points.forEach(it -> sums.put(it.day(), it.bytes()));
    return new Report.Storage(
        told, tables, thresholdBytes.map(it -> Forecast.of(sums, today, bytes, it)).orElse(null));
  }

  private @Nullable LocalDate full(Report.Volume volume, LocalDate today) {
    if (volume.totalBytes() == 0) {
      return null;
    }
    SortedMap<LocalDate, Long> used = new TreeMap<>();
    points.forEach(
        it -> {
          Long bytes = it.used().get(volume.name());
          if (bytes != null) {
            used.put(it.day(), bytes);
          }
        });
    return Forecast.of(used, today, volume.usedBytes(), volume.usedBytes() + volume.freeBytes());
  }
}
