#include "cli/serve_options.hpp"

namespace cvstroom::cli {

void add_retention_options(CLI::App& command, feed::Retention& retention) {
    const auto add = [&command](const char* name, std::chrono::days& into, int least, const std::string& what) {
        command
            .add_option_function<int>(
                name, [&into](const int& days) { into = std::chrono::days{days}; }, what)
            ->check(CLI::Range(least, 3650))
            ->default_str(std::to_string(into.count()));
    };
    add("--history-days", retention.history, 1, "how long the feed's windows can be asked for, in days");
    add("--tombstone-days", retention.tombstones, 365, "how long an erased CV is known to have existed, in days");
}

void add_serve_options(CLI::App& command, ServeOptions& options) {
    command.add_option("--database", options.node.database, "SQLite file (see 'cvstroom import')")->required();
    command.add_option("--certificate", options.node.certificate, "certificate chain, PEM")->required();
    command.add_option("--private-key", options.node.private_key, "its private key, PEM")->required();
    command.add_option("--listen", options.listen, "address:port for partners")->capture_default_str();
    command.add_option("--administration", options.administration, "address:port for the provider")
        ->capture_default_str();
    command.add_option("--index-folder", options.node.index_folder,
                       "where the search index is saved; beside the database when it is not given");
    command.add_option("--threads", options.node.threads, "threads that serve; 0: one a core")->capture_default_str();
    add_retention_options(command, options.node.retention);
    command.add_option("--cache", options.node.cache_megabytes, "memory for documents, in MB")->capture_default_str();
    command.add_option("--audit", options.node.audit_folder, "folder for the audit; beside the database unless given");
    command
        .add_option("--audit-durability", options.node.audit_durability,
                    "an answer with a CV leaves when its record is on disk (group), or with the system and on disk\n"
                    "within 0.1 s (async); none records nothing: for benchmarks")
        ->check(CLI::IsMember({"group", "async", "none"}))
        ->capture_default_str();
    command.add_option("--audit-file-size", options.node.audit_file_megabytes, "MB after which a new file is begun")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
}

Result<NodeConfig> ServeOptions::node_config() const {
    NodeConfig config = node;
    if (const auto done = parse_endpoint(listen, config.address, config.port); !done) {
        return fail(ErrorCode::invalid_input, to_string(done.error()), "--listen");
    }
    const auto done = parse_endpoint(administration, config.administration_address, config.administration_port);
    if (!done) return fail(ErrorCode::invalid_input, to_string(done.error()), "--administration");
    return config;
}

}  // namespace cvstroom::cli
