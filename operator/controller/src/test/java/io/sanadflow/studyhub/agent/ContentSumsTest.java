package io.sanadflow.studyhub.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContentSumsTest {

  private final Random random = new Random(7);

  private String sum() {
    return "%064x".formatted(new BigInteger(256, random));
  }

  @Test
  void holdsWhatWasAddedAndNothingElse() {
    ContentSums sums = new ContentSums();
    Set<String> added = new HashSet<>();
    for (int count = 0; count < 20_000; count++) {
      String sum = sum();
      added.add(sum);
      sums.add(sum);
      sums.add(sum);
    }
    assertThat(sums.size()).isEqualTo(added.size());
    assertThat(added).allMatch(sums::contains);
    for (int count = 0; count < 20_000; count++) {
      assertThat(sums.contains(sum())).isFalse();
    }
  }

  @Test
  void tellsZerosFromFreeSlots() {
    ContentSums sums = new ContentSums();
    String zeros = "0".repeat(64);
    assertThat(sums.contains(zeros)).isFalse();
    sums.add(zeros);
    assertThat(sums.contains(zeros)).isTrue();
  }

  @Test
  void refusesWhatIsNoSum() {
    assertThat(ContentSums.isSum("A".repeat(64))).isFalse();
    assertThat(ContentSums.isSum("a".repeat(63))).isFalse();
    assertThatThrownBy(() -> new ContentSums().add("readme.txt"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("readme.txt");
  }
}
