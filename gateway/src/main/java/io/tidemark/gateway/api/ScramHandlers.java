package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.image.ScramSecret;
import io.tidemark.metadata.image.ScramUser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData.UserName;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData.CredentialInfo;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData.DescribeUserScramCredentialsResult;
import org.apache.kafka.common.protocol.Errors;

/**
 * DescribeUserScramCredentials, which tells mechanisms and iterations and nothing secret, and
 * AlterUserScramCredentials.
 */
public final class ScramHandlers {
  private static final List<Byte> MECHANISMS = List.of((byte) 1, (byte) 2);

  private final ClusterView cluster;
  private final Controller controller;

  public ScramHandlers(ClusterView cluster, Controller controller) {
    this.cluster = cluster;
    this.controller = controller;
  }

  public void alter(Request request, Responder responder) {
    AlterUserScramCredentialsRequestData asked =
        (AlterUserScramCredentialsRequestData) request.body().data();
    Answers.when(controller.alterScramCredentials(asked), request, responder);
  }

  public void describe(Request request, Responder responder) {
    List<UserName> asked =
        ((DescribeUserScramCredentialsRequestData) request.body().data()).users();
    Map<ScramUser, ScramSecret> known = cluster.image().security().scram();
    DescribeUserScramCredentialsResponseData response =
        new DescribeUserScramCredentialsResponseData();
    if (asked == null || asked.isEmpty()) {
      Set<String> all = new TreeSet<>();
      known.keySet().forEach(user -> all.add(user.name()));
      all.forEach(user -> response.results().add(describe(user, known)));
    } else {
      describe(asked, known, response);
    }
    responder.respond(response);
  }

  private static void describe(
      List<UserName> asked,
      Map<ScramUser, ScramSecret> known,
      DescribeUserScramCredentialsResponseData response) {
    Set<String> once = new HashSet<>();
    Set<String> twice = new HashSet<>();
    asked.forEach(user -> {
      if (!once.add(user.name())) {
        twice.add(user.name());
      }
    });
    for (String user : once) {
      response
          .results()
          .add(
              twice.contains(user)
                  ? failed(user, Errors.DUPLICATE_RESOURCE, "The user is asked for twice")
                  : describe(user, known));
    }
  }

  private static DescribeUserScramCredentialsResult describe(
      String user, Map<ScramUser, ScramSecret> known) {
    List<CredentialInfo> infos = new ArrayList<>();
    for (byte mechanism : MECHANISMS) {
      ScramSecret secret = known.get(new ScramUser(user, mechanism));
      if (secret != null) {
        infos.add(new CredentialInfo().setMechanism(mechanism).setIterations(secret.iterations()));
      }
    }
    return infos.isEmpty()
        ? failed(user, Errors.RESOURCE_NOT_FOUND, "There is no such user")
        : new DescribeUserScramCredentialsResult().setUser(user).setCredentialInfos(infos);
  }

  private static DescribeUserScramCredentialsResult failed(
      String user, Errors error, String message) {
    return new DescribeUserScramCredentialsResult()
        .setUser(user)
        .setErrorCode(error.code())
        .setErrorMessage(message);
  }
}
