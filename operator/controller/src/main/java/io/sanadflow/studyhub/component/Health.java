package io.sanadflow.studyhub.component;

import io.sanadflow.studyhub.api.v1alpha1.ConditionType;
import java.util.Optional;

/**
 * How a part fares.
 *
 * @param type the condition that tells it, or empty for a part that only reports its phase
 * @param serves whether it answered when asked
 * @param phase whether it is where it should be
 * @param reason one word in CamelCase
 * @param message for people: what is and, where something is wrong, what would mend it
 */
public record Health(
    Optional<ConditionType> type, Serving serves, Phase phase, String reason, String message) {

  /** The reason of a part that does not run since the app has no replicas. */
  public static final String SCALED_TO_ZERO = "ScaledToZero";

  /** The reason of a part that wants objects of a kind that the cluster does not have. */
  public static final String API_MISSING = "ApiMissing";

  /** Whether a part serves. */
  public enum Serving {
    /** It was asked and answered. */
    YES,
    /** It was asked and did not answer, or is not there. */
    NO,
    /** It was not asked yet. */
    UNKNOWN
  }

  /** Whether a part is where it should be. */
  public enum Phase {
    /** As wanted. */
    SETTLED,
    /** On the way. */
    PROGRESSING,
    /** Not without somebody's help; the message says which. */
    STUCK,
    /** As wanted, but for something that is missing. */
    LACKING
  }
}
