#include "cli/node.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <csignal>

#include "api/administration_api.hpp"
#include "api/faulty_door.hpp"
#include "api/partner_api.hpp"
#include "api/sandbox_api.hpp"
#include "audit/letterbox.hpp"
#include "audit/recorder.hpp"
#include "base/text.hpp"
#include "cli/audit_options.hpp"
#include "cli/housekeeping.hpp"
#include "cli/node_metrics.hpp"
#include "cli/open_store.hpp"
#include "cli/progress.hpp"
#include "cli/sandbox_backups.hpp"
#include "index/follower.hpp"
#include "index/purge.hpp"
#include "index/text_extension.hpp"
#include "store/loaded_lists.hpp"

namespace cvstroom::cli {
namespace {

constexpr auto stop_patience = std::chrono::seconds{10};
constexpr auto usage_interval = std::chrono::seconds{10};
constexpr auto list_interval = std::chrono::milliseconds{500};
constexpr auto letter_interval = std::chrono::milliseconds{250};
constexpr auto purge_interval = std::chrono::milliseconds{250};
constexpr auto purge_patience = std::chrono::seconds{5};  // it occupies one of the door's two threads
constexpr auto forget_interval = std::chrono::minutes{10};
constexpr std::size_t megabyte = 1024 * 1024;
constexpr std::size_t administration_body_bytes = 64 * megabyte;
// A load of 64 MB over a slow line, and the time to check it.
constexpr auto administration_request_time = std::chrono::minutes{5};

sigset_t stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
}

http::ServerConfig partner_listener(const NodeConfig& config) {
    http::ServerConfig listener;
    listener.address = config.address;
    listener.port = config.port;
    listener.certificate_chain = config.certificate;
    listener.private_key = config.private_key;
    listener.threads = config.threads;
    if (config.is_sandbox) listener.limits.body_bytes = administration_body_bytes;  // for a check of many CVs
    return listener;
}

http::ServerConfig administration_listener(const NodeConfig& config) {
    http::ServerConfig listener = partner_listener(config);
    listener.address = config.administration_address;
    listener.port = config.administration_port;
    listener.threads = 2;  // a long load occupies one of them
    listener.limits.body_bytes = administration_body_bytes;
    listener.limits.request_time = administration_request_time;
    return listener;
}

// What only a sandbox has.
struct SandboxDoors {
    SandboxDoors(const api::Services& services, api::PartnerApi& partners, const std::filesystem::path& database,
                 const SandboxBackups::Shared& shared)
        : backups(database, shared),
          resources(services, shared.registry, known, backups, shared.instruments),
          faulty(partners, resources, known, shared.clock) {}

    SandboxBackups backups;
    api::SandboxPartners known;
    api::SandboxApi resources;
    api::FaultyDoor faulty;
};

// Owns everything, in the order in which it depends on each other: what stands lower is destroyed first.
class RunningNode final : public Node {
  public:
    RunningNode(std::unique_ptr<store::SqliteStore> store, std::unique_ptr<store::ListFollower> lists,
                std::unique_ptr<index::SavedIndex> saved, api::Description description,
                std::unique_ptr<audit::Recorder> audit, std::filesystem::path audit_folder,
                std::uint64_t cache_megabytes)
        : store_(std::move(store)),
          lists_(std::move(lists)),
          saved_(std::move(saved)),
          description_(std::move(description)),
          audit_(std::move(audit)),
          audit_folder_(audit_folder),
          audit_key_(audit::derive_key(store_->secret())),
          registry_(*store_, clock_),
          indexed_versions_(index_, lists_->lists()),
          feed_(*store_, clock_, &indexed_versions_),
          documents_(*store_, cache_megabytes * megabyte),
          follower_(*store_, index_, lists_->lists(), saved_.get()),
          services_{*store_, index_, feed_, lists_->lists(), documents_, clock_, audit_.get()},
          partner_api_(services_, registry_, description_, {metrics_, audit_.get()}, cache_megabytes * megabyte / 4),
          administration_api_(services_, registry_, *store_, *store_, *lists_, {metrics_, audit_.get()}, health_,
                              std::move(audit_folder), [this](store::Seq seq) { return purge_index(seq); }) {
        index_.on_dead_version([this](store::Seq seq) { documents_.forget(seq); });
        add_store_metrics(metrics_, *store_, index_, clock_);
        add_process_metrics(metrics_);
        if (audit_) {
            add_audit_metrics(metrics_, *audit_);
            health_.add_part("audit", [this] { return audit_health(); });
        }
        health_.add_part("store", [this] { return store_health(); });
        health_.add_part("index", [this] { return index_health(); });
        housekeeping_.every(list_interval, "looking for newer code lists", [this] { return take_up_lists(); });
        if (saved_ && saved_->is_writable()) {
            housekeeping_.every(purge_interval, "removing erased CVs from the saved index",
                                [this] { return purge_as_asked(); });
        }
        if (audit_) {
            housekeeping_.every(letter_interval, "recording what commands gave out",
                                [this] { return audit::take_letters(audit_folder_, audit_key_, *audit_); });
        }
        housekeeping_.every(usage_interval, "writing down what was used", [this] { return registry_.flush_usage(); });
    }
    ~RunningNode() override { RunningNode::stop(); }

    // The provider's door opens before the index is built, so that /health can say how far it is.
    Result<void> prepare(const NodeConfig& config) {
        housekeeping_.every(forget_interval, "forgetting old history",
                            [this, retention = config.retention] { return forget_old_history(retention); });
        if (config.is_sandbox) {
            const SandboxBackups::Shared shared{
                registry_, lists_->lists(), description_, {metrics_, audit_.get()}, clock_};
            sandbox_ = std::make_unique<SandboxDoors>(services_, partner_api_, config.database, shared);
        }
        http::Handler& door = sandbox_ ? static_cast<http::Handler&>(sandbox_->faulty) : partner_api_;
        auto partners = http::Server::listen(partner_listener(config), door);
        if (!partners) return tl::unexpected(partners.error());
        partners_ = std::move(*partners);
        auto administration = http::Server::listen(administration_listener(config), administration_api_);
        if (!administration) return tl::unexpected(administration.error());
        administration_ = std::move(*administration);
        administration_->start();
        Progress progress("building the index", "CVs", 0);
        const auto built = follower_.open([&](std::uint64_t done, std::uint64_t) {
            indexed_ = done;
            progress.update(done);
        });
        if (!built) return built;
        progress.finish(indexed_);
        return {};
    }

    void start() override {
        follower_.start();
        housekeeping_.start();
        partners_->start();
        is_ready_ = true;
    }
    void stop() override {
        is_ready_ = false;
        if (partners_) partners_->stop(stop_patience);
        if (administration_) administration_->stop(stop_patience);
        housekeeping_.stop();
        follower_.stop();
        audit_.reset();  // its last groups call back into what is destroyed next
    }
    std::uint16_t port() const override { return partners_->port(); }
    std::uint16_t administration_port() const override { return administration_->port(); }

  private:
    api::PartHealth store_health() const {
        const auto head = store_->head();
        if (head) return {};
        return {api::PartHealth::Status::down, head.error().message};
    }
    api::PartHealth audit_health() const {
        const auto failure = audit_->status().failure;
        if (failure.empty()) return {};
        return {api::PartHealth::Status::degraded, failure + ": nothing of CVs is given out until it can be recorded"};
    }
    api::PartHealth index_health() const {
        if (is_ready_) return {};
        return {api::PartHealth::Status::down, fmt::format("not serving partners; {} CVs indexed", indexed_.load())};
    }
    // For this node's door.
    Result<bool> purge_index(store::Seq seq) {
        if (!follower_.wait_until_applied(seq, purge_patience)) return false;
        if (auto purged = follower_.purge(); !purged) return tl::unexpected(purged.error());
        if (!saved_ || saved_->is_writable()) return true;
        return index::purge_saved(*store_, lists_->lists(), saved_->folder(), &index::text_extension(), purge_patience);
    }
    // For those who erase on the command line, or at another node.
    Result<void> purge_as_asked() {
        const auto requests = index::purge_requests(saved_->folder());
        if (requests.empty()) return {};
        const auto head = store_->head();
        if (!head) return tl::unexpected(head.error());
        if (!follower_.wait_until_applied(head->seq, std::chrono::seconds{1})) return {};  // at the next time
        if (auto purged = follower_.purge(); !purged) return purged;
        index::answer_purge_requests(requests);
        return {};
    }
    Result<void> forget_old_history(const feed::Retention& retention) {
        const auto forgotten = feed::forget_old(*store_, clock_, retention);
        if (!forgotten) return tl::unexpected(forgotten.error());
        if (*forgotten > 0) spdlog::info("{} entries of the log are older than is kept, and forgotten", *forgotten);
        return {};
    }
    Result<void> take_up_lists() {
        const auto taken = lists_->refresh();
        if (!taken) return tl::unexpected(taken.error());
        if (*taken) spdlog::info("the code lists have changed");
        return {};
    }

    const Clock& clock_ = system_clock();
    std::atomic<bool> is_ready_ = false;
    std::atomic<std::uint64_t> indexed_ = 0;
    std::unique_ptr<store::SqliteStore> store_;
    std::unique_ptr<store::ListFollower> lists_;
    std::unique_ptr<index::SavedIndex> saved_;
    api::Description description_;
    std::unique_ptr<audit::Recorder> audit_;  // null: switched off
    const std::filesystem::path audit_folder_;
    const audit::Key audit_key_;
    partner::Registry registry_;
    index::Index index_{&index::text_extension()};
    feed::IndexedVersions indexed_versions_;
    feed::Feed feed_;
    api::DocumentCache documents_;
    index::Follower follower_;
    api::Services services_;
    api::Metrics metrics_;
    api::Health health_;
    api::PartnerApi partner_api_;
    std::unique_ptr<SandboxDoors> sandbox_;  // null in production
    api::AdministrationApi administration_api_;
    std::unique_ptr<http::Server> partners_;
    std::unique_ptr<http::Server> administration_;
    Housekeeping housekeeping_;
};

// Null when the audit is switched off.
Result<std::unique_ptr<audit::Recorder>> open_audit(const NodeConfig& config, store::SqliteStore& store) {
    if (config.audit_durability == "none") {
        spdlog::warn("no audit is kept: who receives which CV is not recorded");
        return std::unique_ptr<audit::Recorder>{};
    }
    audit::RecorderConfig recorder;
    recorder.journal.folder = audit_folder(config.audit_folder, config.database);
    recorder.journal.file_bytes = config.audit_file_megabytes * megabyte;
    recorder.durability = config.audit_durability == "async" ? audit::Durability::async : audit::Durability::group;
    return audit::Recorder::open(recorder, audit::derive_key(store.secret()), store, system_clock());
}

}  // namespace

Result<void> parse_endpoint(const std::string& text, std::string& address, std::uint16_t& port) {
    const auto colon = text.rfind(':');
    const auto number = colon == std::string::npos ? std::nullopt : parse_unsigned(text.substr(colon + 1));
    if (!number || *number > 65535 || colon == 0) {
        return fail(ErrorCode::invalid_input, fmt::format("'{}' is no address and port such as 127.0.0.1:8443", text));
    }
    address = text.substr(0, colon);
    if (address.front() == '[' && address.back() == ']') address = address.substr(1, address.size() - 2);
    port = static_cast<std::uint16_t>(*number);
    return {};
}

Result<std::unique_ptr<Node>> Node::open(const NodeConfig& config) {
    auto store = open_store(config.database, store::SqliteStore::Mode::open_existing);
    if (!store) return tl::unexpected(store.error());
    auto lists = store::ListFollower::open(**store, config.resources / "data");
    if (!lists) return tl::unexpected(lists.error());
    auto description = api::Description::load(config.resources / "docs/openapi.yaml");
    if (!description) return tl::unexpected(description.error());
    auto saved = index::SavedIndex::open(config.index_folder.empty() ? index::saved_index_folder(config.database)
                                                                     : config.index_folder);
    // Without it everything works; only the next start takes longer.
    if (!saved) {
        spdlog::warn("the index is not saved: {}", to_string(saved.error()));
        saved = nullptr;
    } else if (!(*saved)->is_writable()) {
        spdlog::warn("{}: another process saves its index there, so this one does not", (*saved)->folder().string());
    }
    auto audit = open_audit(config, **store);
    if (!audit) return tl::unexpected(audit.error());
    auto node = std::make_unique<RunningNode>(
        std::move(*store), std::move(*lists), std::move(*saved), std::move(*description), std::move(*audit),
        audit_folder(config.audit_folder, config.database), config.cache_megabytes);
    if (auto prepared = node->prepare(config); !prepared) return tl::unexpected(prepared.error());
    return std::unique_ptr<Node>(std::move(node));
}

void block_stop_signals() {
    const sigset_t signals = stop_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

void wait_for_stop_signal() {
    const sigset_t signals = stop_signals();
    int received = 0;
    sigwait(&signals, &received);
}

}  // namespace cvstroom::cli
