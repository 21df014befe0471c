package io.sanadflow.studyhub.reconcile;

import io.sanadflow.studyhub.probe.ProbeReport;
import io.sanadflow.studyhub.probe.Reach;
import java.util.List;
import java.util.stream.Collectors;

/** What of a report matters to the status: not latencies, which differ every time. */
final class ProbeNews {

  private ProbeNews() {}

  static List<Object> of(ProbeReport report) {
    return List.of(
        report.unwell(),
        report.restart(),
        report.reach().map(Reach::up),
        report
            .database()
            .map(
                it ->
                    it.facts()
                        .<Object>map(
                            facts ->
                                List.of(
                                    facts.version(),
                                    facts.configHash(),
                                    facts.pendingRestart(),
                                    facts.failedExtensions(),
                                    facts.refusedSettings(),
                                    facts.served(),
                                    facts.archiveFailure()))
                        .orElse(it.failure())),
        report.poolers().entrySet().stream()
            .map(
                it ->
                    List.of(
                        it.getKey(),
                        it.getValue()
                            .facts()
                            .<Object>map(
                                facts -> List.of(facts.config(), facts.paused(), facts.served()))
                            .orElse(it.getValue().failure())))
            .collect(Collectors.toSet()),
        report
            .redis()
            .map(
                it ->
                    it.facts()
                        .<Object>map(facts -> List.of(facts.config(), facts.served()))
                        .orElse(it.failure())),
        report
            .app()
            .map(
                it ->
                    it.facts()
                        .<Object>map(facts -> List.of(facts.ok(), facts.status()))
                        .orElse(it.failure())));
  }
}
