package examples;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.EnableKafka;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * Hello with Spring Kafka: a template that sends and a listener that hears. With Spring Boot the
 * beans below are made by it, and spring.kafka.bootstrap-servers=localhost:9092 is all there is to
 * say.
 */
@Configuration
@EnableKafka
public class SpringHello {
  private static String bootstrap = "localhost:9092";
  private static final CountDownLatch heard = new CountDownLatch(3);

  public static void main(String[] args) throws Exception {
    bootstrap = args[0];
    Topics.create(bootstrap, Topics.GREETINGS);
    try (var spring = new AnnotationConfigApplicationContext(SpringHello.class)) {
      @SuppressWarnings("unchecked")
      KafkaTemplate<String, String> template = spring.getBean(KafkaTemplate.class);
      for (String name : new String[] {"Ada", "Grace", "Barbara"}) {
        template.send(Topics.GREETINGS, name, "hello " + name).get();
      }
      System.out.println(
          heard.await(30, TimeUnit.SECONDS) ? "all greetings heard" : "NOT all greetings heard");
    }
  }

  @KafkaListener(topics = Topics.GREETINGS, groupId = "example-spring")
  void hear(String greeting) {
    System.out.println("heard: " + greeting);
    heard.countDown();
  }

  @Bean
  KafkaTemplate<String, String> template() {
    return new KafkaTemplate<>(
        new DefaultKafkaProducerFactory<>(
            Map.of("bootstrap.servers", bootstrap),
            new StringSerializer(),
            new StringSerializer()));
  }

  @Bean
  ConsumerFactory<String, String> consumers() {
    return new DefaultKafkaConsumerFactory<>(
        Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest"),
        new StringDeserializer(),
        new StringDeserializer());
  }

  /** The name under which @KafkaListener looks for it. */
  @Bean
  ConcurrentKafkaListenerContainerFactory<String, String> kafkaListenerContainerFactory(
      ConsumerFactory<String, String> consumers) {
    var factory = new ConcurrentKafkaListenerContainerFactory<String, String>();
    factory.setConsumerFactory(consumers);
    return factory;
  }
}
