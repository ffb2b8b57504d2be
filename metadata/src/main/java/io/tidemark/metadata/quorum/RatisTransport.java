package io.tidemark.metadata.quorum;

import java.util.function.IntPredicate;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;

/** What Ratis's gRPC is told in objects: who may speak, and by which certificates. */
final class RatisTransport {

  private RatisTransport() {}

  /**
   * Of a voter's server.
   *
   * @param maySend whether a node may send what voters send each other
   */
  static Parameters serving(QuorumSettings settings, IntPredicate maySend) {
    Parameters parameters = asking(settings);
    VoterCalls calls = new VoterCalls(settings.tls(), maySend);
    GrpcConfigKeys.Server.setServicesCustomizer(
        parameters, (server, types) -> server.intercept(calls));
    return parameters;
  }

  /** Of who asks other voters. */
  static Parameters asking(QuorumSettings settings) {
    Parameters parameters = new Parameters();
    settings
        .tls()
        .ifPresent(tls -> GrpcConfigKeys.TLS.setConf(parameters, encryption(tls, settings)));
    return parameters;
  }

  /** The JDK's TLS, so that keys and authorities may change while connections come and go. */
  private static GrpcTlsConfig encryption(QuorumTls tls, QuorumSettings settings) {
    GrpcTlsConfig.Builder builder =
        GrpcTlsConfig.newBuilder()
            .setName("voters")
            .setKeyManager(tls.keys())
            .setTrustManager(new VoterTrust(tls, settings.voters()))
            .setMutualTls(true)
            .setSslProvider(SslProvider.JDK)
            .setProtocols(tls.protocols());
    return (tls.cipherSuites().isEmpty() ? builder : builder.setCipherSuites(tls.cipherSuites()))
        .build();
  }
}
