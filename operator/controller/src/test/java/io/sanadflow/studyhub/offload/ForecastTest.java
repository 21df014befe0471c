package io.sanadflow.studyhub.offload;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.store.MemoryStore;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ForecastTest {

  private static final LocalDate TODAY = LocalDate.parse("2026-11-25");

  private static TreeMap<LocalDate, Long> growing(int days, long first, long each) {
    TreeMap<LocalDate, Long> points = new TreeMap<>();
    for (int day = 0; day < days; day++) {
      points.put(TODAY.minusDays(days - 1L - day), first + day * each);
    }
    return points;
  }

  @Test
  void isTheDayOnWhichItIsFullAtThePaceOfTheLastWeeks() {
    assertThat(Forecast.of(growing(10, 100, 10), TODAY, 190, 250)).isEqualTo("2026-12-01");
    assertThat(Forecast.of(growing(10, 100, 10), TODAY, 190, 190)).isEqualTo(TODAY);
  }

  @Test
  void isNothingWhereItDoesNotGrowOrTooLittleIsKnownOrItIsFar() {
    assertThat(Forecast.of(growing(10, 100, 0), TODAY, 100, 250)).isNull();
    assertThat(Forecast.of(growing(10, 1000, -10), TODAY, 910, 2500)).isNull();
    assertThat(Forecast.of(growing(2, 100, 10), TODAY, 110, 250)).isNull();
    assertThat(Forecast.of(growing(10, 100, 1), TODAY, 109, 109 + 366)).isNull();
    assertThat(Forecast.of(growing(10, 100, 1), TODAY, 109, 109 + 365)).isNotNull();
  }

  @Test
  void forgetsWhatIsLongAgo() {
    TreeMap<LocalDate, Long> points = growing(5, 100, 0);
    points.put(TODAY.minusDays(60), 0L);
    assertThat(Forecast.of(points, TODAY, 100, 250)).isNull();
  }

  @Test
  void theHistoryGetsAPointADay() throws Exception {
    MemoryStore store = new MemoryStore(Clock.systemUTC());
    History history = History.none();
    List<Report.Volume> volumes = List.of();
    for (int day = 0; day < 40; day++) {
      LocalDate today = TODAY.minusDays(39L - day);
      for (int hour = 0; hour < 3; hour++) {
        volumes = List.of(new Report.Volume("media", 100 + day * 10L, 60, 1000, null));
        int before = store.requests;
        history = History.with(store, "pilot", today, volumes);
        assertThat(store.requests - before).isEqualTo(hour == 0 ? 2 : 1);
      }
    }
    Report.Storage storage = history.forecast(volumes, List.of(), TODAY, Optional.of(500L));
    assertThat(storage.volumes().get(0).fullOn()).isEqualTo("2026-12-01");
    assertThat(storage.thresholdOn()).isEqualTo("2026-11-26");
    assertThat(history.forecast(volumes, List.of(), TODAY, Optional.empty()).thresholdOn())
        .isNull();
    assertThat(store.keys("")).containsExactly("pilot/offload/history.json");
    store.write("pilot/offload/history.json", new byte[] {'x'}, Map.of());
    assertThat(
            History.with(store, "pilot", TODAY, volumes)
                .forecast(volumes, List.of(), TODAY, Optional.of(5000L))
                .thresholdOn())
        .isNull();
  }
}
