package io.sanadflow.studyhub.probe;

import java.net.URI;
import java.util.List;
import java.util.Map;

/** The probe that goes over the network. */
public final class NetworkProbe implements HubProbe {

  @Override
  public DatabaseFacts database(DatabaseTarget target, DatabasePlan plan) throws ProbeException {
    throw new ProbeException("not there yet");
  }

  @Override
  public void reloadDatabase(DatabaseTarget target) throws ProbeException {
    throw new ProbeException("not there yet");
  }

  @Override
  public PoolerFacts pooler(PoolerTarget target) throws ProbeException {
    throw new ProbeException("not there yet");
  }

  @Override
  public void reloadPooler(PoolerTarget target) throws ProbeException {
    throw new ProbeException("not there yet");
  }

  @Override
  public RedisFacts redis(RedisTarget target, List<String> configNames) throws ProbeException {
    throw new ProbeException("not there yet");
  }

  @Override
  public void configureRedis(RedisTarget target, Map<String, String> settings)
      throws ProbeException {
    throw new ProbeException("not there yet");
  }

  @Override
  public HttpFacts http(URI uri) throws ProbeException {
    throw new ProbeException("not there yet");
  }
}
