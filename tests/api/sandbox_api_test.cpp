// The sandbox's own resources, without a transport.
#include "api/sandbox_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "reference/reference.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace cvstroom::api {
namespace {

using namespace std::chrono_literals;

// Takes as long as the test wants, and then says that it cannot.
class SlowBackups final : public Backups {
  public:
    Result<RestoredCopy*> take() override {
        begun.set_value();
        if (go_on.get_future().wait_for(20s) != std::future_status::ready) was_left_waiting = true;
        return fail(ErrorCode::unavailable, "no more backups in this test");
    }
    std::promise<void> begun;
    std::promise<void> go_on;
    bool was_left_waiting = false;
};

class SandboxApiTest : public testing::Test {
  protected:
    // The answer of one request; the views of the request live as long as the fixture.
    std::future<http::Response> ask(std::string_view method, const std::string& key, std::string_view body = {}) {
        http::Request request;
        request.method = method;
        request.path = "/sandbox/v1/storingen";
        request.body = body;
        request.fields = {{"X-IBM-Client-Id", key}};
        auto answer = std::make_shared<std::promise<http::Response>>();
        auto future = answer->get_future();
        api_.handle(request, [answer](http::Response response) { answer->set_value(std::move(response)); });
        return future;
    }

    test::TemporaryFolder folder_;
    SystemClock clock_;
    std::unique_ptr<store::SqliteStore> store_ =
        store::SqliteStore::open(folder_ / "cv.db", store::SqliteStore::Mode::create_if_missing, clock_).value();
    reference::CurrentLists lists_{reference::ReferenceData::load(CVSTROOM_SOURCE_DIR "/data").value()};
    index::Index index_;
    feed::Feed feed_{*store_, clock_};
    DocumentCache documents_{*store_, 1'000'000};
    Services services_{*store_, index_, feed_, lists_, documents_, clock_};
    Metrics metrics_;
    partner::Registry registry_{*store_, clock_};
    const std::string one_ = registry_.issue("Een", "cv").value().secret;
    const std::string other_ = registry_.issue("Ander", "cv").value().secret;
    SandboxPartners known_;
    SlowBackups backups_;
    SandboxApi api_{services_, registry_, known_, backups_, {metrics_, nullptr}};
};

TEST_F(SandboxApiTest, OthersAreAnsweredWhileABackupIsTaken) {
    auto restoring = ask("PUT", one_, R"({"storingen":[{"soort":"hersteld"}]})");
    ASSERT_EQ(backups_.begun.get_future().wait_for(20s), std::future_status::ready);
    for (const auto* key : {&other_, &one_}) {
        auto answer = ask("GET", *key);
        ASSERT_EQ(answer.wait_for(0s), std::future_status::ready) << "it was answered at once, in the same thread";
        EXPECT_EQ(answer.get().status, 200U);
    }
    EXPECT_EQ(restoring.wait_for(0s), std::future_status::timeout) << "the backup is not there yet";
    backups_.go_on.set_value();
    EXPECT_EQ(restoring.get().status, 503U);
    EXPECT_FALSE(backups_.was_left_waiting);
}

}  // namespace
}  // namespace cvstroom::api
