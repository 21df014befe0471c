package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.Report;
import java.util.List;

/** One thing that the agent can be asked for. */
interface Command {

  /**
   * Does it.
   *
   * @param arguments what stands behind the command's name
   * @return what became of it; a failure that left something worth telling, such as a backup that
   *     was made before, is told here as well
   * @throws AgentException with a reason and a cure, of which {@link Agent} makes a report
   * @throws io.sanadflow.studyhub.store.StoreException likewise
   * @throws Exception what nobody foresaw; the report then says AgentFailed
   */
  Report run(AgentContext context, List<String> arguments) throws Exception;
}
