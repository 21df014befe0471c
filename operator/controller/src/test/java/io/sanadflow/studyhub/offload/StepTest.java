package io.sanadflow.studyhub.offload;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.backup.OffloadMode;
import io.sanadflow.studyhub.backup.OffloadPhase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # mode    | app    | phase        | above | grace | before       | deed            | after
          CUT_OVER  | VOLUME | LOCAL        | false | false | LOCAL        | NOTHING         | LOCAL
          CUT_OVER  | VOLUME | LOCAL        | true  | false | COPYING      | COPY            | CUTTING_OVER
          CUT_OVER  | VOLUME | COPYING      | true  | false | COPYING      | COPY            | CUTTING_OVER
          CUT_OVER  | VOLUME | COPYING      | false | false | COPYING      | COPY            | CUTTING_OVER
          CUT_OVER  | VOLUME | MIRRORED     | true  | false | COPYING      | COPY            | CUTTING_OVER
          CUT_OVER  | VOLUME | MIRRORED     | false | false | LOCAL        | NOTHING         | LOCAL
          CUT_OVER  | VOLUME | CUTTING_OVER | true  | false | CUTTING_OVER | COPY_BESIDE_APP | CUTTING_OVER
          CUT_OVER  | VOLUME | OFFLOADED    | true  | true  | OFFLOADED    | NOTHING         | OFFLOADED
          CUT_OVER  | VOLUME | RETURNING    | true  | false | RETURNING    | FETCH_SINCE     | LOCAL
          CUT_OVER  | BUCKET | LOCAL        | false | false | CUTTING_OVER | SWEEP           | OFFLOADED
          CUT_OVER  | BUCKET | COPYING      | true  | false | CUTTING_OVER | SWEEP           | OFFLOADED
          CUT_OVER  | BUCKET | MIRRORED     | true  | false | CUTTING_OVER | SWEEP           | OFFLOADED
          CUT_OVER  | BUCKET | CUTTING_OVER | true  | true  | CUTTING_OVER | SWEEP           | OFFLOADED
          CUT_OVER  | BUCKET | OFFLOADED    | true  | false | OFFLOADED    | NOTHING         | OFFLOADED
          CUT_OVER  | BUCKET | OFFLOADED    | false | true  | OFFLOADED    | REMOVE          | OFFLOADED
          CUT_OVER  | BUCKET | RETURNING    | true  | true  | CUTTING_OVER | SWEEP           | OFFLOADED
          MIRROR    | VOLUME | LOCAL        | false | false | LOCAL        | NOTHING         | LOCAL
          MIRROR    | VOLUME | LOCAL        | true  | false | COPYING      | COPY            | MIRRORED
          MIRROR    | VOLUME | COPYING      | false | false | COPYING      | COPY            | MIRRORED
          MIRROR    | VOLUME | MIRRORED     | false | false | MIRRORED     | COPY            | MIRRORED
          MIRROR    | VOLUME | CUTTING_OVER | true  | false | CUTTING_OVER | COPY_BESIDE_APP | CUTTING_OVER
          MIRROR    | VOLUME | OFFLOADED    | true  | true  | OFFLOADED    | NOTHING         | OFFLOADED
          MIRROR    | VOLUME | RETURNING    | true  | false | RETURNING    | FETCH_SINCE     | LOCAL
          MIRROR    | BUCKET | CUTTING_OVER | true  | true  | CUTTING_OVER | SWEEP           | OFFLOADED
          MIRROR    | BUCKET | OFFLOADED    | true  | true  | OFFLOADED    | NOTHING         | OFFLOADED
          RESTORE   | VOLUME | LOCAL        | true  | false | LOCAL        | NOTHING         | LOCAL
          RESTORE   | VOLUME | COPYING      | true  | false | LOCAL        | NOTHING         | LOCAL
          RESTORE   | VOLUME | MIRRORED     | true  | false | LOCAL        | NOTHING         | LOCAL
          RESTORE   | VOLUME | CUTTING_OVER | true  | false | CUTTING_OVER | FETCH_SINCE     | RETURNING
          RESTORE   | VOLUME | OFFLOADED    | true  | true  | OFFLOADED    | NOTHING         | OFFLOADED
          RESTORE   | VOLUME | RETURNING    | true  | false | RETURNING    | FETCH_SINCE     | LOCAL
          RESTORE   | BUCKET | LOCAL        | true  | false | CUTTING_OVER | SWEEP           | OFFLOADED
          RESTORE   | BUCKET | CUTTING_OVER | true  | true  | CUTTING_OVER | SWEEP           | OFFLOADED
          RESTORE   | BUCKET | OFFLOADED    | true  | true  | OFFLOADED    | FETCH           | RETURNING
          RESTORE   | BUCKET | RETURNING    | true  | true  | RETURNING    | FETCH           | RETURNING
          CUT_OVER  | GATEWAY | LOCAL        | false | false | LOCAL        | NOTHING         | LOCAL
          CUT_OVER  | GATEWAY | LOCAL        | true  | false | COPYING      | COPY            | OFFLOADED
          CUT_OVER  | GATEWAY | COPYING      | false | false | COPYING      | COPY            | OFFLOADED
          CUT_OVER  | GATEWAY | MIRRORED     | true  | true  | COPYING      | COPY            | OFFLOADED
          CUT_OVER  | GATEWAY | CUTTING_OVER | true  | false | CUTTING_OVER | COPY            | OFFLOADED
          CUT_OVER  | GATEWAY | OFFLOADED    | false | false | OFFLOADED    | COPY            | OFFLOADED
          CUT_OVER  | GATEWAY | OFFLOADED    | false | true  | OFFLOADED    | COPY_AND_REMOVE | OFFLOADED
          CUT_OVER  | GATEWAY | RETURNING    | true  | true  | RETURNING    | FETCH_SINCE     | LOCAL
          MIRROR    | GATEWAY | LOCAL        | true  | false | COPYING      | COPY            | MIRRORED
          MIRROR    | GATEWAY | OFFLOADED    | true  | true  | OFFLOADED    | COPY            | OFFLOADED
          RESTORE   | GATEWAY | COPYING      | true  | true  | LOCAL        | NOTHING         | LOCAL
          RESTORE   | GATEWAY | OFFLOADED    | true  | true  | OFFLOADED    | FETCH_SINCE     | LOCAL
          RESTORE   | GATEWAY | RETURNING    | true  | true  | RETURNING    | FETCH_SINCE     | LOCAL
          """)
  void isWhatModePlaceAndLedgerAskFor(
      OffloadMode mode,
      Place app,
      OffloadPhase phase,
      boolean above,
      boolean grace,
      OffloadPhase before,
      Step.Deed deed,
      OffloadPhase after) {
    assertThat(Step.next(mode, app, phase, above, grace)).isEqualTo(new Step(before, deed, after));
  }

  @Test
  void nothingIsRemovedButInTheBucketAfterTheGraceOfACutOver() {
    for (OffloadMode mode : OffloadMode.values()) {
      for (Place app : Place.values()) {
        for (OffloadPhase phase : OffloadPhase.values()) {
          for (boolean grace : new boolean[] {true, false}) {
            Step step = Step.next(mode, app, phase, true, grace);
            boolean may =
                mode == OffloadMode.CUT_OVER
                    && app == Place.BUCKET
                    && phase == OffloadPhase.OFFLOADED
                    && grace;
            assertThat(step.deed() == Step.Deed.REMOVE)
                .as("%s %s %s", mode, app, phase)
                .isEqualTo(may);
            assertThat(step.deed() == Step.Deed.COPY_AND_REMOVE)
                .as("%s %s %s", mode, app, phase)
                .isEqualTo(
                    mode == OffloadMode.CUT_OVER
                        && app == Place.GATEWAY
                        && phase.inBucket()
                        && grace);
          }
        }
      }
    }
  }

  @Test
  void noFileOverwritesWhatAnAppInTheBucketHasWritten() {
    for (OffloadMode mode : OffloadMode.values()) {
      for (OffloadPhase phase : OffloadPhase.values()) {
        Step step = Step.next(mode, Place.BUCKET, phase, true, true);
        assertThat(step.deed()).isNotIn(Step.Deed.COPY, Step.Deed.COPY_BESIDE_APP);
      }
    }
  }
}
