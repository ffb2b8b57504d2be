package io.tidemark.gateway.security.audit;

import io.tidemark.gateway.security.auth.Authentication;
import io.tidemark.gateway.security.auth.Door;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/** A listener's door whose comings and refusals are told. */
public final class WitnessedDoor implements Door {
  private final Door door;
  private final String listener;
  private final Audit audit;

  public WitnessedDoor(Door door, String listener, Audit audit) {
    this.door = door;
    this.listener = listener;
    this.audit = audit;
  }

  @Override
  public Authentication open(InetAddress client) {
    return new Witnessed(door.open(client), client);
  }

  private final class Witnessed implements Authentication {
    private final Authentication authentication;
    private final InetAddress client;
    private boolean wasRefused;

    Witnessed(Authentication authentication, InetAddress client) {
      this.authentication = authentication;
      this.client = client;
    }

    @Override
    public void encrypted(SSLSession session) {
      authentication.encrypted(session);
      if (authentication.isDone()) {
        tell(Optional.empty());
      }
    }

    @Override
    public void notEncrypted(String why) {
      authentication.notEncrypted(why);
      refused(why);
    }

    @Override
    public KafkaPrincipal principal() {
      return authentication.principal();
    }

    @Override
    public boolean isDone() {
      return authentication.isDone();
    }

    @Override
    public boolean takesBareTokens() {
      return authentication.takesBareTokens();
    }

    @Override
    public Admission admit(ApiKeys api) {
      Admission admission = authentication.admit(api);
      if (admission instanceof Admission.Refused(String why)) {
        refused(why);
      }
      return admission;
    }

    @Override
    public Reply answer(AbstractRequest request) {
      return told(authentication.answer(request));
    }

    @Override
    public Reply answer(ByteBuffer token) {
      return told(authentication.answer(token));
    }

    private Reply told(Reply reply) {
      reply
          .failure()
          .ifPresentOrElse(
              this::refused,
              () -> {
                if (authentication.isDone()) {
                  tell(Optional.empty());
                }
              });
      return reply;
    }

    /** Once for a connection, which is closed for it. */
    private void refused(String why) {
      if (!wasRefused) {
        wasRefused = true;
        tell(Optional.of(why));
      }
    }

    private void tell(Optional<String> failure) {
      audit.tell(
          new AuditEvent.Authentication(
              new AuditEvent.Who(authentication.principal(), client, listener, ""), failure));
    }
  }
}
