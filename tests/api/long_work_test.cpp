#include "api/long_work.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <future>
#include <stdexcept>
#include <string>

namespace cvstroom::api {
namespace {

using namespace std::chrono_literals;

void spend(std::chrono::nanoseconds time) {
    const auto until = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < until) {
    }
}

// One thread, held until all is posted: then the order is the work's own choice.
std::string order_of(const std::function<void(LongWork&, std::string&)>& post_all, const std::string& last) {
    std::string served;
    std::promise<void> all_posted;
    std::promise<void> done;
    LongWork work(1);
    work.post("nobody", [posted = all_posted.get_future().share()] { posted.wait(); });
    post_all(work, served);
    work.post(last, [&done] { done.set_value(); });
    all_posted.set_value();
    done.get_future().wait();
    return served;
}

TEST(LongWork, LetsAPoliteOneInBeforeTheRestOfAGreedyOnes) {
    const auto served = order_of(
        [](LongWork& work, std::string& order) {
            for (int n = 0; n < 50; ++n) {
                work.post("greedy", [&order] {
                    spend(200us);
                    order += 'g';
                });
            }
            work.post("polite", [&order] { order += 'p'; });
        },
        "greedy");
    EXPECT_EQ(served.size(), 51U) << "all of them in the end";
    EXPECT_LT(served.find('p'), 3U) << served;
}

TEST(LongWork, CountsTimeAndNotAnswers) {
    const auto served = order_of(
        [](LongWork& work, std::string& order) {
            for (int n = 0; n < 20; ++n) {
                work.post("heavy", [&order] {
                    spend(2ms);
                    order += 'H';
                });
                work.post("light", [&order] {
                    spend(100us);
                    order += 'l';
                });
            }
        },
        "heavy");
    EXPECT_LT(std::count(served.begin(), served.begin() + static_cast<std::ptrdiff_t>(served.rfind('l')), 'H'), 10)
        << served;
}

TEST(LongWork, GoesOnAfterAnAnswerThatThrows) {
    const auto served = order_of(
        [](LongWork& work, std::string& order) {
            work.post("one", [] { throw std::runtime_error("no memory"); });
            work.post("one", [&order] { order += 'a'; });
        },
        "one");
    EXPECT_EQ(served, "a");
}

}  // namespace
}  // namespace cvstroom::api
