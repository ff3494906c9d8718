#include "bench/search/corpus.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <numeric>
#include <thread>

#include "candidate/facts.hpp"
#include "index/segment_builder.hpp"
#include "index/terms.hpp"

namespace cvstroom::bench {
namespace {

constexpr std::size_t chunk_rows = 16384;

std::string plain_word(const index::Dictionary& dictionary, index::CodeNumber code) {
    return std::to_string(static_cast<int>(dictionary.dimension(code))) + ":" + std::string(dictionary.code(code));
}

template <typename Work>
void on_all_cores(std::size_t count, const Work& work) {
    std::atomic<std::size_t> next = 0;
    std::vector<std::thread> threads;
    for (unsigned n = 0; n < std::max(1U, std::thread::hardware_concurrency()); ++n) {
        threads.emplace_back([&] {
            for (std::size_t i; (i = next++) < count;) work(i);
        });
    }
    for (auto& thread : threads) thread.join();
}

}  // namespace

std::string word_of(const index::Dictionary& dictionary, index::CodeNumber code, std::uint16_t rank) {
    auto word = plain_word(dictionary, code);
    if (rank > 0) word += ">" + std::to_string(rank);
    return word;
}

std::string word_of_text(std::string_view word) {
    return "~" + std::string(word);
}

std::string word_of_postcode(index::Postcode postcode) {
    return "@" + std::to_string(postcode);
}

Corpus Corpus::make(std::uint64_t count, const reference::ReferenceData& lists, const sandbox::Generator& generator,
                    index::Index& index) {
    Corpus corpus;
    corpus.documents_.resize(count);
    index::Dictionary found;  // numbers depend on which thread came first
    on_all_cores((count + chunk_rows - 1) / chunk_rows, [&](std::size_t chunk) {
        candidate::FactReader reader;
        std::string json;
        for (std::uint64_t n = chunk * chunk_rows; n < std::min<std::uint64_t>(count, (chunk + 1) * chunk_rows); ++n) {
            json.clear();
            generator.append(n, json);
            auto& document = corpus.documents_[n];
            const auto& facts = **reader.read(json);
            index::collect_terms(facts, lists, found, document.terms);
            document.terms.shrink_to_fit();
            document.postcode = facts.postcode;
            if (index.extension() != nullptr) index.extension()->read(facts, document.extension);
        }
    });
    corpus.renumber(found, index.dictionary());
    return corpus;
}

// In order of the names: the same in every run, so that the queries are too.
void Corpus::renumber(const index::Dictionary& found, index::Dictionary& sorted) {
    const auto names = found.names();
    std::vector<index::CodeNumber> order(names.size());
    std::iota(order.begin(), order.end(), index::CodeNumber{0});
    std::sort(order.begin(), order.end(), [&names](auto a, auto b) { return names[a] < names[b]; });
    std::vector<index::TermKey> number(names.size());
    for (const auto old : order) number[old] = sorted.add(found.dimension(old), found.code(old));
    on_all_cores((size() + chunk_rows - 1) / chunk_rows, [&](std::size_t chunk) {
        for (std::uint64_t n = chunk * chunk_rows; n < std::min<std::uint64_t>(size(), (chunk + 1) * chunk_rows); ++n) {
            auto& terms = documents_[n].terms;
            for (auto& term : terms) term = number[term >> 16U] << 16U | (term & 0xFFFFU);
            std::sort(terms.begin(), terms.end());
        }
    });
}

index::RowData Corpus::row(std::uint64_t number) {
    Uuid id;
    std::uint64_t mixed = (number + 1) * 0x9E3779B97F4A7C15U;
    for (std::size_t i = 0; i < 16; ++i) {
        mixed ^= mixed >> 29U;
        mixed *= 0xBF58476D1CE4E5B9U;
        id.bytes[i] = static_cast<std::uint8_t>(mixed >> 56U);
    }
    // As an import writes them: two thousand in one transaction.
    return {id, number + 1,
            Instant{std::chrono::milliseconds{1'700'000'000'000 + static_cast<std::int64_t>(number / 2000) * 50}}, 1};
}

// Where a word stands does not matter to any query here, nor how often.
std::vector<std::string_view> Corpus::text_words(std::uint64_t number) const {
    std::vector<std::string_view> words;
    std::string_view rest = documents_[number].extension;
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        for (auto text = rest.substr(1, end - 1); !text.empty();) {
            const auto length = std::min(text.find(' '), text.size());
            words.push_back(text.substr(0, length));
            text.remove_prefix(std::min(length + 1, text.size()));
        }
        rest.remove_prefix(end + 1);
    }
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
}

double Corpus::build(index::Index& index) const {
    const auto begin = std::chrono::steady_clock::now();
    std::vector<index::Part> parts((size() + chunk_rows - 1) / chunk_rows);
    on_all_cores(parts.size(), [&](std::size_t chunk) {
        index::SegmentBuilder builder(index.extension());
        for (std::uint64_t n = chunk * chunk_rows; n < std::min<std::uint64_t>(size(), (chunk + 1) * chunk_rows); ++n) {
            builder.add(row(n), documents_[n]);
        }
        parts[chunk] = {builder.build_for_merge(), std::make_shared<index::DeadRows>()};
    });
    auto merged = index::merge_segments(parts, index.extension());
    parts.clear();
    index.install({{std::move(merged.segment), std::make_shared<index::DeadRows>()}}, size());
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void Corpus::write_words(const std::filesystem::path& file, const index::Dictionary& dictionary) const {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    std::map<index::CodeNumber, std::vector<std::uint16_t>> ranks;  // of codes that have any, each that some CV has
    for (const auto& document : documents_) {
        for (const auto term : document.terms) {
            const auto code = static_cast<index::CodeNumber>(term >> 16U);
            const auto rank = static_cast<std::uint16_t>(term);
            if (rank == 0) continue;
            auto& known = ranks[code];
            const bool is_study = dictionary.dimension(code) == index::Dimension::study;
            const auto counted = is_study ? std::uint16_t{1} : rank;
            if (std::find(known.begin(), known.end(), counted) == known.end()) known.push_back(counted);
        }
    }
    std::string line;
    for (std::uint64_t n = size(); n-- > 0;) {
        line = std::to_string(n + 1) + "\t";
        const auto& terms = documents_[n].terms;
        for (std::size_t i = 0; i < terms.size(); ++i) {
            const auto code = static_cast<index::CodeNumber>(terms[i] >> 16U);
            if (i + 1 < terms.size() && terms[i + 1] >> 16U == code) continue;  // the greatest rank counts
            const auto word = plain_word(dictionary, code);
            line += word + " ";
            const auto found = ranks.find(code);
            if (found == ranks.end()) continue;
            for (const auto rank : found->second) {
                if (rank <= static_cast<std::uint16_t>(terms[i])) line += word + ">" + std::to_string(rank) + " ";
            }
        }
        if (documents_[n].postcode != 0) line += word_of_postcode(documents_[n].postcode) + " ";
        for (const auto word : text_words(n)) line += word_of_text(word) + " ";
        line.back() = '\n';
        out << line;
    }
}

}  // namespace cvstroom::bench
