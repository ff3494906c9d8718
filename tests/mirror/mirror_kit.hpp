// Everything that a mirror needs, in the test's own process, with little patience.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "mirror/cv_api.hpp"
#include "mirror/observer.hpp"
#include "mirror/sink.hpp"
#include "tests/mirror/raw_server.hpp"

namespace cvstroom::test {

class NoteTaker final : public mirror::Observer {
  public:
    void on_note(const std::string& note) override { notes.push_back(note); }
    void on_commit(const mirror::State&, const mirror::Applied& done) override {
        applied.created += done.created;
        applied.updated += done.updated;
        applied.removed += done.removed;
    }
    std::vector<std::string> notes;
    mirror::Applied applied;
};

struct MirrorKit {
    MirrorKit(const RawServer& server, const std::string& key, const std::string& target,
              mirror::RetryPolicy policy = {mirror::Milliseconds{2}, mirror::Milliseconds{40}, 12},
              const std::atomic<bool>* stop = nullptr) {
        mirror::HttpConfig config;
        config.stop = stop;
        config.ca_file = server.certificate();
        http = mirror::HttpClient::open(config).value();
        caller = std::make_unique<mirror::Caller>(*http, key, policy, notes);
        api = std::make_unique<mirror::CvApi>(*caller, mirror::api_base(server.url()).value());
        sink = mirror::open_sink(target, mirror::Access::read_write).value();
    }
    NoteTaker notes;
    std::unique_ptr<mirror::HttpClient> http;
    std::unique_ptr<mirror::Caller> caller;
    std::unique_ptr<mirror::CvApi> api;
    std::unique_ptr<mirror::Sink> sink;
};

}  // namespace cvstroom::test
