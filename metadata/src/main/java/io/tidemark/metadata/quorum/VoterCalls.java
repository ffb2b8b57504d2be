package io.tidemark.metadata.quorum;

import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.GroupInfoRequestProto;
import org.apache.ratis.proto.RaftProtos.GroupListRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.ReadIndexRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.SetConfigurationRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.proto.grpc.AdminProtocolServiceGrpc;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Grpc;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the quorum's log to voters.
 *
 * <pre>
 *   what voters send each other     from the voter it says it is of
 *   who votes: groupList, groupInfo from a node ({@link VoterTrust})
 *   setConfiguration                from the node that comes or goes by it, and no other
 *   everything else, clients' too   from nobody: a node asks its own voter within the process
 * </pre>
 *
 * Whom something is from is known where voters show certificates; in plain text everybody is
 * believed.
 */
final class VoterCalls implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(VoterCalls.class);

  private final Optional<QuorumTls> tls;
  private final IntPredicate maySend;

  /**
   * @param maySend whether a node may send what voters send each other
   */
  VoterCalls(Optional<QuorumTls> tls, IntPredicate maySend) {
    this.tls = tls;
    this.maySend = maySend;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    MethodDescriptor<Q, A> method = call.getMethodDescriptor();
    boolean isOfVoters = RaftServerProtocolServiceGrpc.SERVICE_NAME.equals(method.getServiceName());
    if (!isOfVoters && !isServedToNodes(method)) {
      return refused(call, "it is not served");
    }
    if (tls.isEmpty()) {
      return next.startCall(call, headers);
    }
    X509Certificate shown = certificate(call);
    return shown == null
        ? refused(call, "no certificate was shown")
        : new Checked<>(next.startCall(call, headers), call, shown);
  }

  private static boolean isServedToNodes(MethodDescriptor<?, ?> method) {
    return Stream.of(
            AdminProtocolServiceGrpc.getGroupListMethod(),
            AdminProtocolServiceGrpc.getGroupInfoMethod(),
            AdminProtocolServiceGrpc.getSetConfigurationMethod())
        .anyMatch(served -> served.getFullMethodName().equals(method.getFullMethodName()));
  }

  private static <Q> ServerCall.Listener<Q> refused(ServerCall<Q, ?> call, String why) {
    refuse(call, why);
    return new ServerCall.Listener<>() {};
  }

  private static void refuse(ServerCall<?, ?> call, String why) {
    LOG.warn("A call to {} was refused: {}", call.getMethodDescriptor().getFullMethodName(), why);
    call.close(Status.PERMISSION_DENIED.withDescription(why), new Metadata());
  }

  private static @Nullable X509Certificate certificate(ServerCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    try {
      return session != null
              && session.getPeerCertificates()[0] instanceof X509Certificate certificate
          ? certificate
          : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }

  /** Who sends a message of voters, as it says itself; null where it is none. */
  static @Nullable String sender(Object message) {
    RaftRpcRequestProto request =
        switch (message) {
          case AppendEntriesRequestProto append -> append.getServerRequest();
          case RequestVoteRequestProto vote -> vote.getServerRequest();
          case InstallSnapshotRequestProto snapshot -> snapshot.getServerRequest();
          case ReadIndexRequestProto read -> read.getServerRequest();
          case StartLeaderElectionRequestProto election -> election.getServerRequest();
          default -> null;
        };
    return request == null ? null : request.getRequestorId().toStringUtf8();
  }

  /** Whom a change of voters brings or takes away; those who stay are not among them. */
  static Set<String> movers(SetConfigurationRequestProto change) {
    Set<String> before = ids(change.getCurrentPeersList());
    Set<String> after = ids(change.getPeersList());
    Set<String> movers = new HashSet<>(before);
    movers.addAll(after);
    movers.removeIf(id -> before.contains(id) && after.contains(id));
    return movers;
  }

  private static Set<String> ids(List<RaftPeerProto> peers) {
    return peers.stream().map(peer -> peer.getId().toStringUtf8()).collect(Collectors.toSet());
  }

  /** One call, whose messages are looked at before the voter sees them. */
  private final class Checked<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, ?> call;
    private final X509Certificate shown;
    private boolean isRefused;

    Checked(ServerCall.Listener<Q> next, ServerCall<Q, ?> call, X509Certificate shown) {
      super(next);
      this.call = call;
      this.shown = shown;
    }

    @Override
    public void onMessage(Q message) {
      if (isRefused) {
        return;
      }
      if (isAllowed(message)) {
        super.onMessage(message);
        return;
      }
      isRefused = true;
      refuse(call, "%s may not speak for others".formatted(shown.getSubjectX500Principal()));
    }

    private boolean isAllowed(Q message) {
      return switch (message) {
        case GroupListRequestProto _, GroupInfoRequestProto _ -> true;
        case SetConfigurationRequestProto change ->
            change.getMode() == SetConfigurationRequestProto.Mode.COMPARE_AND_SET
                && movers(change).stream().allMatch(this::isOf);
        default -> {
          String sender = sender(message);
          yield sender != null && isOf(sender) && maySend.test(Integer.parseInt(sender));
        }
      };
    }

    private boolean isOf(String id) {
      try {
        return tls.orElseThrow().voters().isOf(shown, Integer.parseInt(id));
      } catch (NumberFormatException e) {
        return false;
      }
    }

    @Override
    public void onHalfClose() {
      if (!isRefused) {
        super.onHalfClose();
      }
    }
  }
}
