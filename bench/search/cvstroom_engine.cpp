#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "bench/search/engines.hpp"
#include "search/engine.hpp"

namespace cvstroom::bench {
namespace {

class Cvstroom final : public Engine {
  public:
    explicit Cvstroom(index::Index& index) : index_(index) {}
    std::string name() const override { return "cvstroom"; }
    Loaded load(const Corpus& corpus, const std::filesystem::path&) override {
        Loaded loaded;
        loaded.seconds = corpus.build(index_);
        for (const auto& part : index_.snapshot()->parts) {
            loaded.bytes += static_cast<double>(part.segment->bytes() + part.segment->extension()->bytes());
        }
        return loaded;
    }
    std::vector<Answer> ask(std::span<const Query* const> queries) override {
        std::vector<Answer> answers;
        for (const auto* query : queries) {
            const auto begin = std::chrono::steady_clock::now();
            const auto snapshot = index_.snapshot();
            const auto page = search::run(query->plan, *snapshot, query->offset, query->count);
            const auto end = std::chrono::steady_clock::now();
            Answer answer{std::chrono::duration<double, std::micro>(end - begin).count(), page.total, {}};
            for (const auto& row : page.rows) answer.page.push_back(row.seq);
            answers.push_back(std::move(answer));
        }
        return answers;
    }

  private:
    index::Index& index_;
};

}  // namespace

std::unique_ptr<Engine> make_cvstroom(index::Index& index) {
    return std::make_unique<Cvstroom>(index);
}

void give_up(const std::string& message) {
    std::fprintf(stderr, "search_bench: %s\n", message.c_str());
    std::exit(1);
}

}  // namespace cvstroom::bench
