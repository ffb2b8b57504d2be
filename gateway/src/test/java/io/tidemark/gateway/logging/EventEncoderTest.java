package io.tidemark.gateway.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventEncoderTest {
  private final LoggerContext context = new LoggerContext();

  @AfterEach
  void backToText() {
    LogFormat.use(LogFormat.TEXT);
  }

  private String line(String message, @Nullable Throwable thrown) {
    LoggingEvent event =
        new LoggingEvent(
            "x", context.getLogger("io.tidemark.some.Part"), Level.WARN, message, thrown, null);
    event.setTimeStamp(0);
    event.setThreadName("loop-1");
    return new String(new EventEncoder().encode(event), StandardCharsets.UTF_8);
  }

  @Test
  void anEventIsOneLineOfText() {
    assertThat(line("it happened", null))
        .isEqualTo("1970-01-01T00:00:00.000Z WARN [loop-1] Part: it happened\n");
  }

  @Test
  void nobodyCanForgeALine() {
    assertThat(line("client a\n1970 ERROR forged\r\u001b[31m", null))
        .hasLineCount(1)
        .contains("client a\\n1970 ERROR forged\\u000d\\u001b[31m");
  }

  @Test
  void aStackTraceStaysOnTheLine() {
    assertThat(line("failed", new IllegalStateException("outer", new RuntimeException("in\nner"))))
        .hasLineCount(1)
        .contains("failed | java.lang.IllegalStateException: outer < ")
        .contains("caused by java.lang.RuntimeException: in\\nner");
  }

  @Test
  void jsonIsOneObjectALine() {
    LogFormat.use(LogFormat.JSON);
    assertThat(line("say \"hi\"\n", null))
        .isEqualTo(
            "{\"time\":\"1970-01-01T00:00:00.000Z\",\"level\":\"WARN\",\"thread\":\"loop-1\","
                + "\"logger\":\"io.tidemark.some.Part\",\"message\":\"say \\\"hi\\\"\\n\"}\n");
  }
}
