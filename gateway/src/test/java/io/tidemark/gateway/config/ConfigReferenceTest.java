package io.tidemark.gateway.config;

import io.tidemark.gateway.GeneratedPage;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {

  @Test
  void theReferencePageIsFresh() throws Exception {
    GeneratedPage.check("configuration.md", ConfigReference.markdown());
  }
}
