package examples;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** The examples' topics. Each example makes what it needs, so that any of them can be the first. */
final class Topics {
  static final String ORDERS = "example-orders";
  static final String INVOICES = "example-invoices";
  static final String LINES = "example-lines";
  static final String GREETINGS = "example-greetings";

  private Topics() {}

  /** Creates topics of three partitions; those that exist stay as they are. */
  static void create(String bootstrap, String... names) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      var created =
          admin.createTopics(
              Arrays.stream(names)
                  // No replication factor: the cluster's default, which fits one node and many.
                  .map(name -> new NewTopic(name, Optional.of(3), Optional.empty()))
                  .toList());
      for (String name : names) {
        try {
          created.values().get(name).get();
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof TopicExistsException)) {
            throw e;
          }
        }
      }
    }
  }
}
