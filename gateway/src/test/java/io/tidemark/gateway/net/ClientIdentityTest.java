package io.tidemark.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.tidemark.gateway.metrics.RequestMetrics;
import io.tidemark.gateway.security.acl.Authoriser;
import io.tidemark.gateway.security.auth.Authentication;
import io.tidemark.scenario.Scenario;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSession;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.SaslAuthenticateRequest;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ClientIdentityTest {

  /** Knows alice by her password, and once she has come back by a token of hers. */
  private static final class ByPasswordThenToken implements Authentication {
    private final KafkaPrincipal alice = new KafkaPrincipal(KafkaPrincipal.USER_TYPE, "alice");
    private KafkaPrincipal now = alice;

    @Override
    public void encrypted(SSLSession session) {}

    @Override
    public KafkaPrincipal principal() {
      return now;
    }

    @Override
    public boolean isDone() {
      return true;
    }

    @Override
    public boolean takesBareTokens() {
      return false;
    }

    @Override
    public Admission admit(ApiKeys api) {
      return new Admission.Taken();
    }

    @Override
    public Reply answer(AbstractRequest request) {
      now = new KafkaPrincipal(KafkaPrincipal.USER_TYPE, "alice");
      now.tokenAuthenticated(true);
      return new Reply(new Silence(), Optional.empty());
    }

    @Override
    public Reply answer(ByteBuffer token) {
      throw new UnsupportedOperationException("tokens come in requests");
    }
  }

  @Test
  @Scenario({"S-186", "S-188"})
  void whoComesBackByATokenHasATokensRights() {
    ListenerSecurity security =
        new ListenerSecurity(
            null,
            Runnable::run,
            client -> new ByPasswordThenToken(),
            new Authoriser(true, Set.of(), false),
            1_000,
            1_000,
            0);
    UnpooledByteBufAllocator allocator = UnpooledByteBufAllocator.DEFAULT;
    FrameBudget budget = new FrameBudget(1_000);
    FrameDecoder decoder =
        new FrameDecoder(1_000, budget, () -> {}, new LandingBuffer(allocator), allocator);
    ClientIdentity identity =
        new ClientIdentity(
            security, InetAddress.getLoopbackAddress(), decoder, server(budget, allocator));
    assertThat(identity.access().principal().tokenAuthenticated()).isFalse();

    identity.answer(new SaslAuthenticateRequest(new SaslAuthenticateRequestData(), (short) 2));

    assertThat(identity.access().principal().tokenAuthenticated()).isTrue();
  }

  private static ServerContext server(FrameBudget budget, ByteBufAllocator allocator) {
    ManualTime time = new ManualTime();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    ConnectionLimits limits = new ConnectionLimits(ConnectionLimitsTest.UNLIMITED, time);
    ConnectionSettings settings =
        new ConnectionSettings(
            1_000, 1_000, 1, -1, -1, 1_000, 1_000, 1_000, ConnectionLimitsTest.UNLIMITED);
    FrameBudget strangers = FrameBudget.ofStrangers(budget);
    return new ServerContext(
        (request, responder) -> {},
        budget,
        strangers,
        limits,
        new Patience(settings),
        1_000,
        allocator,
        time,
        new RequestMetrics(meters),
        new ConnectionMetrics(meters, limits, budget, strangers),
        new QuietLog(LoggerFactory.getLogger(ClientIdentityTest.class), time));
  }
}
