// A handler whose answers say what it was asked, with paths that misbehave in every way a handler can.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "http/server.hpp"

namespace cvstroom::test {

class TestHandler final : public http::Handler {
  public:
    static constexpr std::size_t big_size = 24 * 1024 * 1024;

    ~TestHandler() override {
        for (auto& thread : threads_) thread.join();
    }

    void handle(const http::Request& request, http::Reply reply) override {
        if (request.path == "/throw") throw std::runtime_error("on purpose");
        if (request.path == "/throw-late") {
            reply(text("too early"));
            throw std::runtime_error("on purpose");
        }
        if (request.path == "/drop") return;
        if (request.path == "/twice") {
            reply(text("first"));
            return reply(text("second"));
        }
        if (request.path == "/stream") return reply(stream(request.query));
        if (request.path == "/wait") return wait(request, std::move(reply));
        if (request.path == "/hold") return hold(std::move(reply));
        if (request.path == "/later") return answer_later(request, std::move(reply));
        reply(answer(request));
    }

    http::Response refuse(unsigned status, std::string_view reason) override {
        http::Response response = text("refused: " + std::string(reason));
        response.status = status;
        return response;
    }

    // Waits until a request for /hold is being handled, then gives its reply away.
    http::Reply take_held() {
        std::unique_lock lock(mutex_);
        is_held_.wait(lock, [&] { return !held_.empty(); });
        http::Reply reply = std::move(held_.back());
        held_.pop_back();
        return reply;
    }

    // How many pieces of streamed bodies have been asked for.
    std::size_t pieces_made() const { return *pieces_made_; }
    // How waiting requests ended: "left" or "stopping"; waits for the next one.
    std::string take_ending() {
        std::unique_lock lock(mutex_);
        is_held_.wait_for(lock, std::chrono::seconds(10), [&] { return !endings_.empty(); });
        if (endings_.empty()) return "none";
        std::string ending = std::move(endings_.back());
        endings_.pop_back();
        return ending;
    }

    static http::Response text(std::string body) {
        http::Response response;
        response.set("Content-Type", "text/plain; charset=utf-8");
        response.body = std::move(body);
        return response;
    }

  private:
    // "?3x1000" is three pieces of a thousand bytes; "?3x1000!" breaks off after them.
    class Source final : public http::BodySource {
      public:
        Source(std::string_view form, std::shared_ptr<std::atomic<std::size_t>> made) : made_(std::move(made)) {
            is_broken_ = form.ends_with('!');
            left_ = std::stoul(std::string(form));
            size_ = std::stoul(std::string(form.substr(form.find('x') + 1)));
        }
        void next(Taker take) override {
            const bool is_end = left_-- == 0;
            if (!is_end) ++*made_;
            std::thread([take = std::move(take), is_end, broken = is_broken_, size = size_] {
                take({std::string(is_end ? 0 : size, 's'), is_end, is_end && broken});
            }).detach();
        }

      private:
        const std::shared_ptr<std::atomic<std::size_t>> made_;
        std::size_t left_ = 0;
        std::size_t size_ = 0;
        bool is_broken_ = false;
    };

    http::Response stream(std::string_view form) {
        http::Response response;
        response.source = std::make_shared<Source>(form, pieces_made_);
        return response;
    }

    void wait(const http::Request& request, http::Reply reply) {
        request.waiting->on_give_up([this, reply](http::GivenUp reason) {
            const std::lock_guard lock(mutex_);
            endings_.push_back(reason == http::GivenUp::client_left ? "left" : "stopping");
            is_held_.notify_all();
            if (reason == http::GivenUp::server_stops) reply(text("stopped waiting"));
        });
        hold(std::move(reply));
    }

    static http::Response answer(const http::Request& request) {
        if (request.path == "/echo") return text(std::string(request.body));
        if (request.path == "/big") return text(std::string(big_size, 'b'));
        if (request.path == "/split") return text("").set("X-Echo", "a\r\nX-Injected: yes");
        http::Response response = text(describe(request));
        if (request.path == "/204") response.status = 204;
        if (request.path == "/304") response.status = 304;
        if (request.path == "/404") response.status = 404;
        return response;
    }

    static std::string describe(const http::Request& request) {
        return std::string(request.method) + " " + std::string(request.path) + " [" + std::string(request.query) +
               "] " + std::string(request.body) + " from " + std::string(request.remote);
    }

    void hold(http::Reply reply) {
        const std::lock_guard lock(mutex_);
        held_.push_back(std::move(reply));
        is_held_.notify_all();
    }

    // The views must still be good when the other thread reads them.
    void answer_later(const http::Request& request, http::Reply reply) {
        const std::lock_guard lock(mutex_);
        threads_.emplace_back([request, reply = std::move(reply)] {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            reply(text(describe(request)));
        });
    }

    std::mutex mutex_;
    std::condition_variable is_held_;
    std::vector<http::Reply> held_;
    std::vector<std::string> endings_;
    std::shared_ptr<std::atomic<std::size_t>> pieces_made_ = std::make_shared<std::atomic<std::size_t>>(0);
    std::vector<std::thread> threads_;
};

}  // namespace cvstroom::test
