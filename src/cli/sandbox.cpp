// cvstroom sandbox: everything that a partner needs to build against the API, in one command.
#include <fmt/format.h>

#include <memory>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/node.hpp"
#include "cli/sandbox_commands.hpp"
#include "cli/sandbox_home.hpp"
#include "cli/sandbox_life.hpp"
#include "cli/serve_options.hpp"

namespace cvstroom::cli {
namespace {

constexpr double most_changes_a_minute = 60'000;

struct Options {
    SandboxHome home{"var/sandbox"};
    SandboxContents contents;
    std::string listen = "127.0.0.1:8443";
    std::string administration = "127.0.0.1:8444";
    double rate = 30;
    feed::Retention retention;
    bool only_prepare = false;
};

Result<NodeConfig> node_config(const Options& options, const Program& program) {
    NodeConfig config;
    config.retention = options.retention;
    config.resources = program.resources;
    config.is_sandbox = true;
    config.database = options.home.database();
    config.certificate = options.home.certificate();
    config.private_key = options.home.private_key();
    config.audit_durability = "async";  // fictional persons: no answer need wait for a disk
    if (auto done = parse_endpoint(options.listen, config.address, config.port); !done)
        return tl::unexpected(done.error());
    if (auto done = parse_endpoint(options.administration, config.administration_address, config.administration_port);
        !done) {
        return tl::unexpected(done.error());
    }
    return config;
}

void print_requests(const SandboxHome& home, const std::string& key, const std::string& administration_key,
                    const Node& node, const std::string& life) {
    const auto api = fmt::format("https://localhost:{}/services/openservices/v1", node.port());
    const auto curl = fmt::format("curl --cacert {} -H 'X-IBM-Client-Id: {}'", home.certificate().string(), key);
    fmt::print(R"(
The sandbox is up on https://localhost:{port}. The key of its partner is {key}

  Search: handelsingenieurs who want to work in the region of Aalst (seven of them)
    {curl} '{api}/kandidaten?studies=MAE5AHH&gewensteRegios=BE231A'

  One CV, whole
    {curl} {api}/kandidaten/cb60cf85-1380-4a5a-adae-0b7bc6160661

  Two at once
    {curl} -H 'Content-Type: application/json' -d '{{"cvIds":["cb60cf85-1380-4a5a-adae-0b7bc6160661","30dbfef1-59df-4521-a111-964bf0208e68"]}}' {api}/kandidaten

  Synchronise: everything, page by page; go on with 'vervolg' from each answer
    {curl} '{api}/kandidaten/bulk?aantal=5'

  The provider's side: erase a CV, and see it leave search, detail and feed
    curl --cacert {certificate} -X DELETE -H 'X-IBM-Client-Id: {administration_key}' https://localhost:{administration_port}/beheer/v1/kandidaten/30dbfef1-59df-4521-a111-964bf0208e68

  The whole API
    curl --cacert {certificate} {api}/doc/openapi.yaml

{life} Ctrl-C stops the server.
The CVs stay in {folder} until you ask for other ones.
)",
               fmt::arg("port", node.port()), fmt::arg("key", key), fmt::arg("curl", curl), fmt::arg("api", api),
               fmt::arg("certificate", home.certificate().string()), fmt::arg("administration_key", administration_key),
               fmt::arg("administration_port", node.administration_port()), fmt::arg("folder", home.folder.string()),
               fmt::arg("life", life));
    std::fflush(stdout);
}

int run_sandbox(const Options& options, const Program& program) {
    const auto config = node_config(options, program);
    if (!config) return report_failure(to_string(config.error()));
    if (const auto done = prepare_sandbox(options.home, options.contents, program.resources); !done) {
        return report_failure(to_string(done.error()));
    }
    if (options.only_prepare) return exit_success;
    const auto key = read_key_file(options.home.partner_key());
    if (!key) return report_failure(to_string(key.error()));
    const auto administration_key = read_key_file(options.home.administration_key());
    if (!administration_key) return report_failure(to_string(administration_key.error()));
    block_stop_signals();
    const auto node = Node::open(*config);
    if (!node) return report_failure(to_string(node.error()));
    std::unique_ptr<SandboxLife> life;
    if (options.rate > 0) {
        auto opened = SandboxLife::open(options.home, options.contents, options.rate, program.resources);
        if (!opened) return report_failure(to_string(opened.error()));
        life = std::move(*opened);
        life->start();
    }
    (*node)->start();
    print_requests(options.home, *key, *administration_key, **node,
                   life ? fmt::format("Its CVs change, {:g} times a minute (--rate).", options.rate)
                        : "Its CVs stay as they are (--rate 0).");
    wait_for_stop_signal();
    fmt::print(stderr, "\nStopping.\n");
    if (life) life->stop();
    (*node)->stop();
    return exit_success;
}

}  // namespace

void add_sandbox(CLI::App& app, Program& program) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("sandbox", "a server with fictional CVs, to build and test against");
    command->add_option("--cvs", options->contents.cvs, "how many CVs to generate")->capture_default_str();
    command->add_option("--seed", options->contents.seed, "the same seed gives the same CVs, and the same changes")
        ->capture_default_str();
    command->add_option("--rate", options->rate, "changes a minute: edits, withdrawals, erasures, new CVs; 0: none")
        ->check(CLI::Range(0.0, most_changes_a_minute))
        ->capture_default_str();
    command->add_option("--folder", options->home.folder, "where its database, certificate and keys are")
        ->capture_default_str();
    command->add_option("--listen", options->listen, "address:port for partners")->capture_default_str();
    command->add_option("--administration", options->administration, "address:port for the provider")
        ->capture_default_str();
    add_retention_options(*command, options->retention);
    command->add_flag("--prepare", options->only_prepare, "make the sandbox, and serve nothing");
    command->footer(
        "Beside the generated CVs it holds those of the API's description: its example search answers with its\n"
        "seven. All persons are fictional. Ctrl-C stops it.");
    add_sandbox_fault(*command, program);
    add_sandbox_check(*command, program);
    command->require_subcommand(0, 1);
    command->callback([options, command, &program] {
        if (!command->get_subcommands().empty()) return;  // its own callback has run
        program.run = [options, &program] { return run_sandbox(*options, program); };
    });
}

}  // namespace cvstroom::cli
