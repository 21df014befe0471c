package io.sanadflow.studyhub.model;

import io.sanadflow.studyhub.model.References.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Whether the Secrets that a spec names are the user's own, are there and have their keys.
 *
 * <p>ConfigMaps are not looked at here: the operator would have to watch all of the cluster's, for
 * whose content its memory has no room. The kubelet names one that is missing, and the condition of
 * the app repeats it.
 */
final class SecretChecks {

  /** All that is in the Secret of a hub's authority. */
  private static final String AUTHORITY_KEY = "ca.crt";

  private final Hub hub;
  private final Facts facts;
  private final List<Problem> problems = new ArrayList<>();

  private SecretChecks(Hub hub, Facts facts) {
    this.hub = hub;
    this.facts = facts;
  }

  static List<Problem> of(List<Reference> references, Hub hub, Facts facts) {
    SecretChecks checks = new SecretChecks(hub, facts);
    // Not the user's, but neither the operator's: cert-manager writes it.
    hub.app()
        .ingress()
        .filter(it -> it.issuer().isPresent())
        .flatMap(Hub.Ingress::tlsSecret)
        .filter(hub.names().secrets()::contains)
        .ifPresent(it -> checks.taken("spec.app.ingress.tls.secretName", it));
    references.forEach(checks::reference);
    return checks.problems;
  }

  private void reference(Reference reference) {
    String name = reference.secret();
    if (hub.names().secrets().contains(name)) {
      // The authority's certificate is there for all to read, and comes with the hub.
      if (reference.readOnly() && name.equals(hub.names().authority())) {
        authority(reference);
      } else {
        taken(reference.field(), name);
      }
      return;
    }
    if (facts == Facts.NONE) {
      return;
    }
    facts.secretKeys(name).ifPresentOrElse(keys -> keys(reference, keys), () -> absent(reference));
  }

  private void taken(String field, String name) {
    if (problems.stream().anyMatch(it -> it.field().equals(field))) {
      return;
    }
    problems.add(
        new Problem(
            field,
            field.endsWith("cloudNativePG")
                ? "its Secret "
                    + name
                    + " would have the name of one that the operator makes for this hub; give the"
                    + " hub or the Cluster another name, such as "
                    + hub.names().hub()
                    + "-pg"
                : "the operator itself makes a Secret "
                    + name
                    + " for this hub; give yours another name, such as my-"
                    + name));
  }

  private void authority(Reference reference) {
    reference.keys().stream()
        .filter(key -> !key.equals(AUTHORITY_KEY))
        .forEach(
            key ->
                problems.add(
                    new Problem(
                        reference.field(),
                        "the operator's Secret "
                            + reference.secret()
                            + " has no key "
                            + key
                            + "; "
                            + AUTHORITY_KEY
                            + " would work")));
  }

  private void keys(Reference reference, Set<String> keys) {
    reference.keys().stream()
        .filter(key -> !keys.contains(key))
        .forEach(
            key ->
                problems.add(
                    Problem.secret(
                        reference.field(),
                        "the Secret " + reference.secret() + " has no key " + key + "; add it")));
  }

  private void absent(Reference reference) {
    problems.add(
        Problem.secret(
            reference.field(),
            "there is no Secret "
                + reference.secret()
                + " in namespace "
                + hub.names().namespace()
                + "; create it"
                + (reference.keys().isEmpty()
                    ? ""
                    : " with " + String.join(" and ", reference.keys()))));
  }
}
