package devnode;

import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.core.internal.io.IOUtils;
import org.elasticsearch.env.Environment;
import org.elasticsearch.http.HttpServerTransport;
import org.elasticsearch.index.mapper.MapperExtrasPlugin;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.percolator.PercolatorPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.reindex.ReindexPlugin;
import org.elasticsearch.transport.Netty4Plugin;

/** One Elasticsearch 7.17 node in this JVM: {@code EsNode HOME setting=value ...}. Prints its URL on stdout once the cluster answers. */
public final class EsNode {
    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        System.setOut(System.err);                                   // logs go to stderr: stdout carries the URL alone
        Settings.Builder b = Settings.builder().put("path.home", args[0]).put("node.name", "node-1").put("cluster.name", "devnode")
            .put("network.host", "127.0.0.1").put("cluster.routing.allocation.disk.threshold_enabled", false);
        for (int i = 1; i < args.length; i++) {
            String[] kv = args[i].split("=", 2);
            if (kv[1].contains(",")) b.putList(kv[0], kv[1].split(",")); else b.put(kv[0], kv[1]);
        }
        if (b.keys().contains("discovery.seed_hosts") == false) b.put("discovery.type", "single-node");
        Settings settings = b.build();
        String name = settings.get("node.name");
        LogConfigurator.registerErrorListener();
        LogConfigurator.setNodeName(name);
        LogConfigurator.configureWithoutConfig(settings);
        Environment env = InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> name);
        Node node = new ClassPathNode(env, List.of(Netty4Plugin.class, PercolatorPlugin.class, ReindexPlugin.class,
            MapperExtrasPlugin.class, DevAnalysis.class));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
                String tmp = System.getProperty("devnode.remove");
                if (tmp != null) IOUtils.rm(Path.of(tmp));
            } catch (Exception e) { e.printStackTrace(); }
        }, "stop"));
        String owner = System.getProperty("devnode.owner");
        if (owner != null) {
            var process = ProcessHandle.of(Long.parseLong(owner));
            if (process.isEmpty()) System.exit(1);
            process.get().onExit().thenRun(() -> System.exit(0));
        }
        node.start();
        String url = "http://127.0.0.1:" + node.injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress().getPort();
        for (long end = System.nanoTime() + 120_000_000_000L; healthy(url) == false; Thread.sleep(100)) {
            if (System.nanoTime() > end) { System.err.println("no healthy cluster within 120 s"); System.exit(1); }
        }
        out.println(url);
        out.flush();
        Thread.currentThread().join();
    }

    private static final class ClassPathNode extends Node {
        ClassPathNode(Environment env, List<Class<? extends Plugin>> plugins) { super(env, plugins, true); }
    }

    private static boolean healthy(String url) {
        try {
            HttpURLConnection c = (HttpURLConnection) URI.create(url + "/_cluster/health?wait_for_status=yellow&timeout=1s").toURL().openConnection();
            return c.getResponseCode() == 200;
        } catch (java.io.IOException e) {
            return false;
        }
    }
}
