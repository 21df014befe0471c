package io.sanadflow.studyhub.watch;

import io.sanadflow.studyhub.model.Hub;
import java.util.List;
import java.util.Optional;

/** The hubs as they are known at the moment; nothing is asked of them for it. */
public interface HubSource {

  /** All hubs, by namespace and name. */
  List<WatchedHub> all();

  /** One hub, if it is there. */
  Optional<WatchedHub> find(String namespace, String name);

  /** Whether a token opens the details of a hub's health; none does where the hub names none. */
  boolean opens(Hub hub, String token);
}
