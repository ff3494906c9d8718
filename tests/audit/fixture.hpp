// An audit in a folder of its own, with a real store for its anchors.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <future>

#include "audit/query.hpp"
#include "audit/recorder.hpp"
#include "audit/verify.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/writes.hpp"

namespace cvstroom::test {

inline audit::Entry make_entry(std::uint32_t n, const std::string& partner = "Interim Zilverduin") {
    audit::Entry entry;
    entry.trace = make_id(1'000'000 + n).to_string();
    entry.partner = partner;
    entry.key = "cvs_12345678";
    entry.resource = "detail";
    entry.members = audit::whole_document;
    entry.cvs = {{make_id(n), n % 9 + 1}};
    return entry;
}

class AuditTest : public testing::Test {
  protected:
    TemporaryFolder root_;
    FakeClock clock_;
    audit::RecorderConfig config_{{root_ / "audit"}};
    std::unique_ptr<store::SqliteStore> store_ =
        store::SqliteStore::open(root_ / "cv.db", store::SqliteStore::Mode::create_if_missing, clock_).value();
    audit::Key key_ = audit::derive_key(store_->secret());

    std::unique_ptr<audit::Recorder> open() {
        auto recorder = audit::Recorder::open(config_, key_, *store_, clock_);
        if (!recorder) throw std::runtime_error(to_string(recorder.error()));
        return std::move(*recorder);
    }
    // Waits until the record is durable, or known not to be.
    static bool record(audit::Recorder& recorder, audit::Entry entry) {
        std::promise<bool> outcome;
        recorder.record(std::move(entry), [&outcome](bool is_recorded) { outcome.set_value(is_recorded); });
        return outcome.get_future().get();
    }
    audit::Verification verify(const std::optional<audit::KnownSeal>& known = {}) {
        return audit::verify(config_.journal.folder, key_, store_->anchors().value(), known).value();
    }
    std::vector<audit::Entry> find(const audit::Filter& filter = {}) {
        std::vector<audit::Entry> found;
        const auto done = audit::find_records(config_.journal.folder, filter,
                                              [&](const audit::Entry& entry) { found.push_back(entry); });
        EXPECT_TRUE(done) << to_string(done.error());
        return found;
    }
    std::filesystem::path file(std::uint64_t number) const { return audit::file_path(config_.journal.folder, number); }
    static std::string read(const std::filesystem::path& path) {
        std::ifstream input(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(input), {}};
    }
    static void write(const std::filesystem::path& path, const std::string& content) {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
    }
};

}  // namespace cvstroom::test
