package io.sanadflow.studyhub.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import java.io.StringReader;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class StatusSiteTest {

  private static final String PRIVATE = "app: {image: \"ghcr.io/sanadflow/hub:1\"}\n";

  private final Watched hubs = new Watched();
  private final StatusSite site = new StatusSite(hubs, Clock.fixed(Watched.NOW, ZoneOffset.UTC));

  private static Document xml(String text) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(text)));
  }

  private String page(String path) {
    return site.page(path).orElseThrow().body();
  }

  @Test
  void thePageTellsWhatThePublicMayKnow() {
    hubs.hubs.add(Watched.well("pilot", Watched.PUBLIC));
    assertThat(page("/status"))
        .contains("The hub is up.")
        .contains("<dt>Uptime, 30 days</dt><dd>99.84 %</dd>")
        .contains("<dt>Target</dt><dd>99.5 %</dd>")
        .contains("<dt>Error budget left</dt><dd>69 %</dd>")
        .contains("18 h ago")
        .contains("restored in 1m5s")
        .contains("aria-label=\"The last 90 days of pilot: 2 days with outages\"")
        .contains("<title>2026-11-20: down for 1 h</title>")
        .contains("class=\"some\"><title>2026-11-10: down for 5 min</title>")
        .contains("class=\"none\"><title>2026-08-28 to 2026-09-30: not known</title>")
        .contains(
            "<time datetime=\"2026-11-20T08:00:00Z\">20 Nov 2026 08:00 UTC</time> to <time"
                + " datetime=\"2026-11-20T09:00:00Z\">20 Nov 2026 09:00 UTC</time>, 1 h: the app"
                + " answers 503")
        .doesNotContain("<script", "style=", "a message", "ghcr.io");
  }

  @Test
  void aPrivateHubIsLikeOneThatIsNotThere() {
    hubs.hubs.add(Watched.well("secret", PRIVATE));
    hubs.hubs.add(Watched.well("pilot", Watched.PUBLIC));
    assertThat(page("/status")).contains("pilot").doesNotContain("secret");
    for (String file : List.of("feed.atom", "badge.svg")) {
      assertThat(site.page("/status/study/secret/" + file)).isEmpty();
      assertThat(site.page("/status/study/absent/" + file)).isEmpty();
      assertThat(site.page("/status/study/pilot/" + file)).isPresent();
    }
    assertThat(site.page("/status/study/pilot/../../x")).isEmpty();
    assertThat(site.page("/elsewhere")).isEmpty();
  }

  @Test
  void theFeedHasEachIncidentOnce() throws Exception {
    hubs.hubs.add(Watched.well("pilot", Watched.PUBLIC));
    Document feed = xml(page("/status/study/pilot/feed.atom"));
    assertThat(feed.getElementsByTagName("entry").getLength()).isEqualTo(2);
    assertThat(feed.getElementsByTagName("updated").item(0).getTextContent())
        .isEqualTo("2026-11-20T09:00:00Z");
    assertThat(feed.getElementsByTagName("id").item(1).getTextContent())
        .isEqualTo("tag:studyhub,2026:study/pilot/2026-11-20T08:00:00Z");
  }

  @Test
  void theBadgeTellsStateAndUptime() throws Exception {
    hubs.hubs.add(Watched.well("pilot", Watched.PUBLIC));
    Document badge = xml(page("/status/study/pilot/badge.svg"));
    assertThat(badge.getDocumentElement().getAttribute("aria-label"))
        .isEqualTo("pilot: up, 99.84 %");
  }

  @Test
  void whatAnAppSaysIsNoMarkup() throws Exception {
    WatchedHub hub = Watched.well("pilot", Watched.PUBLIC);
    StudyHubStatus was = hub.status().orElseThrow();
    hub.resource()
        .setStatus(
            new StudyHubStatus(
                was.observedGeneration(),
                was.health(),
                was.conditions(),
                was.app(),
                was.database(),
                was.certificates(),
                was.budget(),
                was.backup(),
                was.objectStore(),
                null,
                null,
                new StudyHubStatus.Uptime(
                    "Down",
                    "2026-10-01T00:00:00Z",
                    null,
                    null,
                    null,
                    null,
                    List.of(
                        new StudyHubStatus.Outage(
                            "2026-11-25T11:50:00Z", null, "<script>alert('\u0001&')</script>")),
                    null),
                null));
    hubs.hubs.add(hub);
    assertThat(page("/status"))
        .contains("pilot is down.", "goes on", "10 min: &lt;script&gt;alert(&#39;&amp;&#39;)")
        .doesNotContain("<script");
    assertThat(
            xml(page("/status/study/pilot/feed.atom"))
                .getElementsByTagName("content")
                .item(0)
                .getTextContent())
        .contains("<script>");
  }

  @Test
  void withoutAPublicHubThePageSaysSo() {
    hubs.hubs.add(Watched.well("secret", PRIVATE));
    assertThat(page("/status/")).contains("No hub is public.").doesNotContain("secret");
  }

  @Test
  void thePageIsKeptForSeconds() {
    hubs.hubs.add(Watched.well("pilot", Watched.PUBLIC));
    assertThat(site.page("/status").orElseThrow()).isSameAs(site.page("/status").orElseThrow());
  }
}
