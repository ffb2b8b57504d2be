package io.tidemark.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.api.ApiTable;
import io.tidemark.gateway.net.ClientConnection;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.gateway.security.acl.Access;
import io.tidemark.gateway.security.acl.Authoriser;
import io.tidemark.scenario.Scenario;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.EnvelopeRequestData;
import org.apache.kafka.common.message.EnvelopeResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.EnvelopeRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.junit.jupiter.api.Test;

/** Who may speak for others, for whom, and what about. */
class EnvelopeHandlerTest {
  private static final String NODES = "NODES";
  private static final KafkaPrincipal ROOT = user("root");

  private final Authoriser authoriser = new Authoriser(true, Set.of(ROOT), false);
  private final List<Access> asked = new ArrayList<>();
  private final ApiTable served = served();
  private boolean isNode = true;
  private final EnvelopeHandler handler =
      new EnvelopeHandler(NODES, request -> isNode, authoriser, () -> served);

  private static KafkaPrincipal user(String name) {
    return new KafkaPrincipal(KafkaPrincipal.USER_TYPE, name);
  }

  private ApiTable served() {
    ApiTable.Builder apis = ApiTable.builder();
    for (ApiKeys key :
        List.of(
            ApiKeys.DESCRIBE_CLUSTER, ApiKeys.CREATE_DELEGATION_TOKEN, ApiKeys.SASL_HANDSHAKE)) {
      apis.serve(
          key,
          key.oldestVersion(),
          key.latestVersion(),
          (request, responder) -> {
            asked.add(request.access());
            responder.respond(new DescribeClusterResponseData());
          });
    }
    return apis.build();
  }

  private record Passed(String listenerName, AbstractRequest body)
      implements Request, ClientConnection {
    @Override
    public RequestHeader header() {
      return new RequestHeader(ApiKeys.ENVELOPE, (short) 0, "gateway", 1);
    }

    @Override
    public Access access() {
      return Access.unlimited(user("node-7"));
    }

    @Override
    public int sizeBytes() {
      return 0;
    }

    @Override
    public long arrivedNs() {
      return 0;
    }

    @Override
    public void retain() {}

    @Override
    public void release() {}

    @Override
    public ClientConnection connection() {
      return this;
    }

    @Override
    public String id() {
      return "gateway's";
    }

    @Override
    public InetAddress clientAddress() {
      return InetAddress.getLoopbackAddress();
    }

    @Override
    public int clientPort() {
      return 1;
    }

    @Override
    public ScheduledExecutorService loop() {
      throw new UnsupportedOperationException("nothing waits here");
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public Registration onClose(Runnable action) {
      return () -> {};
    }
  }

  private static final class Answered implements Responder {
    private final List<ApiMessage> answers = new ArrayList<>();
    private boolean wasClosed;

    @Override
    public void respond(ApiMessage body) {
      answers.add(body);
    }

    @Override
    public void noResponse() {
      throw new IllegalStateException("it is to be answered");
    }

    @Override
    public void close(String why) {
      wasClosed = true;
    }

    @Override
    public void appended() {}
  }

  private static EnvelopeRequestData envelope(KafkaPrincipal client, ApiKeys key, ApiMessage body) {
    short version = key.latestVersion();
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(key.id)
            .setRequestApiVersion(version)
            .setClientId("client");
    ByteBuffer head =
        MessageUtil.toByteBufferAccessor(header, key.requestHeaderVersion(version)).buffer();
    ByteBuffer rest = MessageUtil.toByteBufferAccessor(body, version).buffer();
    return new EnvelopeRequestData()
        .setRequestData(
            ByteBuffer.allocate(head.remaining() + rest.remaining()).put(head).put(rest).flip())
        .setRequestPrincipal(Principals.encode(client))
        .setClientHostAddress(InetAddress.getLoopbackAddress().getAddress());
  }

  private Answered send(String listener, EnvelopeRequestData data) {
    Answered answered = new Answered();
    handler.handle(new Passed(listener, new EnvelopeRequest(data, (short) 0)), answered);
    return answered;
  }

  private static Errors error(Answered answered) {
    return Errors.forCode(((EnvelopeResponseData) answered.answers.getFirst()).errorCode());
  }

  private static EnvelopeRequestData question(String user) {
    return envelope(user(user), ApiKeys.DESCRIBE_CLUSTER, new DescribeClusterRequestData());
  }

  @Test
  @Scenario("S-188")
  void theClientsRightsCountAndNotTheGateways() {
    assertThat(error(send(NODES, question("alice")))).isEqualTo(Errors.NONE);
    assertThat(error(send(NODES, question("root")))).isEqualTo(Errors.NONE);
    assertThat(asked).extracting(Access::principal).containsExactly(user("alice"), ROOT);
    assertThat(asked).extracting(Access::isUnlimited).containsExactly(false, true);
  }

  @Test
  @Scenario({"S-182", "S-188"})
  void whoIsNoNodeSpeaksForNobodyWhateverItsRights() {
    isNode = false;
    assertThat(error(send(NODES, question("root")))).isEqualTo(Errors.CLUSTER_AUTHORIZATION_FAILED);
    assertThat(asked).isEmpty();
  }

  @Test
  @Scenario("S-183")
  void onListenersOfClientsNobodyIsHeard() {
    Answered answered = send("CLIENTS", question("root"));
    assertThat(answered.wasClosed).isTrue();
    assertThat(answered.answers).isEmpty();
    assertThat(asked).isEmpty();
  }

  @Test
  @Scenario({"S-186", "S-188"})
  void whatDependsOnHowAClientHasComeIsNotPassedOn() {
    for (ApiKeys key : List.of(ApiKeys.CREATE_DELEGATION_TOKEN, ApiKeys.SASL_HANDSHAKE)) {
      EnvelopeRequestData data = envelope(ROOT, key, key.messageType.newRequest());
      assertThat(error(send(NODES, data))).as("%s", key).isEqualTo(Errors.INVALID_REQUEST);
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void aPrincipalThatIsNoneIsRefused() {
    EnvelopeRequestData data = question("root").setRequestPrincipal(new byte[] {9, 9});
    assertThat(error(send(NODES, data))).isEqualTo(Errors.PRINCIPAL_DESERIALIZATION_FAILURE);
    assertThat(asked).isEmpty();
  }
}
