import io.tidemark.gateway.config.NodeConfig;
import java.nio.file.Path;
import java.util.List;

/** Reads settings of nodes as a node does; fails, and says why, where it would not start. */
public final class Settings {
  private Settings() {}

  public static void main(String[] args) {
    for (String file : args) {
      NodeConfig config = NodeConfig.load(Path.of(file), List.of());
      System.out.println("node " + config.nodeId() + " would start with " + file);
      config.warnings().forEach(System.out::println);
    }
  }
}
