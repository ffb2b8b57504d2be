package examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends a hundred orders and waits until all of them are safe. */
public final class Produce {
  public static void main(String[] args) throws Exception {
    String bootstrap = args[0];
    Topics.create(bootstrap, Topics.ORDERS);

    // The defaults are the safe ones: acks=all, idempotence (a retry never writes a record twice).
    Map<String, Object> config = Map.of("bootstrap.servers", bootstrap);
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      for (int i = 0; i < 100; i++) {
        // Records with the same key keep their order: they go to the same partition.
        String customer = "customer-" + i % 10;
        String cents = Integer.toString(100 + i);
        // send() only puts the record into a batch; the future is done when it is acknowledged.
        sent.add(producer.send(new ProducerRecord<>(Topics.ORDERS, customer, cents)));
      }
      producer.flush(); // without it the last batch waits for company, linger.ms
      for (Future<RecordMetadata> record : sent) {
        record.get(); // throws what went wrong
      }
    }
    RecordMetadata last = sent.get(sent.size() - 1).get();
    System.out.printf(
        "%d orders acknowledged, the last as %s-%d at offset %d%n",
        sent.size(), last.topic(), last.partition(), last.offset());
  }
}
