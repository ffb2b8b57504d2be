package io.tidemark.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ResourceLeakDetector;
import io.tidemark.scenario.Scenario;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Hostile frames for a whole node in this thread: every frame gets an answer that its schema reads,
 * or a closed connection; memory stays bounded and comes back to the last buffer; nothing is logged
 * that looks like a defect; another client notices nothing.
 *
 * <p>{@code -Dtidemark.fuzz.cases=1000000} sends so many random frames, {@code -Dtidemark.seed=N}
 * begins with another seed. A complaint names the seed of its node, which alone repeats it.
 */
class FrameFuzzTest {
  private static final int CASES = Integer.getInteger("tidemark.fuzz.cases", 5_000);
  private static final int CASES_PER_NODE = 2_500;
  private static final int CASES_PER_CHECK = 200;

  private final ResourceLeakDetector.Level usualLevel = ResourceLeakDetector.getLevel();
  private final LoggedErrors errors = LoggedErrors.open();

  @BeforeEach
  void watchEveryBuffer() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
  }

  @AfterEach
  void stopWatching() {
    ResourceLeakDetector.setLevel(usualLevel);
    errors.close();
  }

  /** Each length and number of a request of each API and version, with bombs taken in turn. */
  @Test
  @Scenario("S-169")
  void aLengthBombInAnyFieldOfAnyRequestIsRefused() {
    plantEvery(8);
  }

  @Test
  @Tag("long")
  @Scenario("S-169")
  void everyLengthBombInAnyFieldOfAnyRequestIsRefused() {
    plantEvery(1);
  }

  private void plantEvery(int nth) {
    long seed = Long.getLong("tidemark.seed", 20_261_120L);
    FuzzJudge judge = new FuzzJudge("bombs, seed " + seed);
    try (FuzzedNode node = new FuzzedNode(seed)) {
      int sent = plantBombs(node, new FuzzFrames(new Random(seed), node), nth, judge);
      System.out.println("FrameFuzzTest: " + sent + " bombs: " + judge);
    }
    assertThat(judge.complaints()).isEmpty();
    assertThat(judge.answered()).as("APIs that answered").hasSizeGreaterThan(25);
    assertNothingLogged();
  }

  private static int plantBombs(FuzzedNode node, FuzzFrames frames, int nth, FuzzJudge judge) {
    int sent = 0;
    int met = 0;
    for (FuzzFrames.Call call : FuzzFrames.calls()) {
      PlacedBody body = frames.placed(call);
      judge.send(node, frames.frame(call, body.bytes()), Integer.MAX_VALUE, "as it is");
      for (Place place : body.places()) {
        for (int bomb = 0; bomb < 2 * LengthBombs.count(place); bomb++) {
          if (met++ % nth != 0) {
            continue;
          }
          byte[] planted = LengthBombs.plant(body.bytes(), place, bomb / 2, bomb % 2 == 1);
          judge.send(
              node, frames.frame(call, planted), Integer.MAX_VALUE, "with a bomb as " + place);
          sent++;
        }
      }
      node.checkMemory();
      node.checkHealthyClient();
    }
    return sent;
  }

  @Test
  @Scenario({"S-168", "S-170"})
  void anyFrameIsAnsweredOrClosesItsConnectionOnly() {
    int nodes = Math.ceilDiv(CASES, CASES_PER_NODE);
    int[] left = {nodes};
    fuzz(() -> left[0]-- > 0);
  }

  @Test
  @Tag("long")
  @Scenario({"S-168", "S-170"})
  void manyFramesAreAnsweredOrCloseTheirConnectionOnly() {
    long endNs = System.nanoTime() + Long.getLong("tidemark.long.seconds", 45) * 1_000_000_000;
    fuzz(() -> System.nanoTime() < endNs);
  }

  private void fuzz(BooleanSupplier goesOn) {
    long seed = Long.getLong("tidemark.seed", 20_261_120L);
    while (goesOn.getAsBoolean()) {
      FuzzJudge judge = new FuzzJudge("seed " + seed);
      fuzz(seed, judge);
      System.out.println("FrameFuzzTest: " + judge);
      assertThat(judge.complaints()).isEmpty();
      assertThat(errors.lines()).as("logged, seed %s", seed).isEmpty();
      seed++;
    }
    assertNothingLogged();
  }

  private static void fuzz(long seed, FuzzJudge judge) {
    try (FuzzedNode node = new FuzzedNode(seed)) {
      fuzz(node, new Random(seed), judge);
    }
  }

  private static void fuzz(FuzzedNode node, Random random, FuzzJudge judge) {
    FuzzFrames frames = new FuzzFrames(random, node);
    for (int i = 0; i < CASES_PER_NODE; i++) {
      if (random.nextInt(20) == 0) {
        byte[] noise = frames.nextNoise();
        node.sendAndHangUp(noise, frames.nextPieceBytes(noise.length));
      } else {
        FuzzFrame frame = frames.next();
        judge.send(node, frame, frames.nextPieceBytes(frame.bytes().length), "case " + i);
      }
      if (i % CASES_PER_CHECK == 0) {
        node.checkMemory();
        node.checkHealthyClient();
      }
    }
  }

  /** A lost buffer is reported when its garbage is found and the next one is allocated. */
  private void assertNothingLogged() {
    System.gc();
    new FuzzedNode(0).close();
    assertThat(errors.lines()).isEmpty();
  }
}
