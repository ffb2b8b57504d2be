package io.tidemark.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultTest {

  @Test
  void aTableAlignsNumbersRightAndTextLeft() {
    Result result = new Result("topic", "log end", "isr");
    result.add("orders", 5, List.of(1, 2));
    result.add("a", 12_345, null);

    assertThat(print(result, OutputFormat.table))
        .isEqualTo(
            """
            TOPIC   LOG END  ISR
            orders        5  1,2
            a         12345  -
            """);
  }

  @Test
  void jsonNamesColumnsInCamelCaseAndEscapesText() {
    Result result = new Result("topic", "log end");
    result.add("quote \" and \n line", 7L);

    assertThat(print(result, OutputFormat.json).replaceAll("\\s+", " "))
        .contains("\"logEnd\" : 7", "\"quote \\\" and \\n line\"");
  }

  private static String print(Result result, OutputFormat format) {
    StringWriter text = new StringWriter();
    result.print(new PrintWriter(text), format);
    return text.toString().replace("\r", "");
  }
}
