// Whatever a provider loads as a code list is refused with line and reason, or becomes a list in which every code is
// found; and whatever is asked of it by keyword has an answer.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "reference/keyword_index.hpp"
#include "reference/list_reader.hpp"

namespace {

using namespace cvstroom;

void check(const reference::CodeList& list, std::string_view keyword) {
    for (const auto& item : list.items()) {
        if (list.find(item.code) != &item || list.with_ancestors(item.code).empty()) std::abort();
    }
    const auto best = reference::KeywordIndex(list).best(keyword, 10);
    if (best.size() > 10) std::abort();
    for (const auto item : best) {
        if (item >= list.items().size()) std::abort();
    }
}

}  // namespace

// The first line is the keyword, the rest the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto end = std::min(input.find('\n'), input.size());
    const auto keyword = input.substr(0, end);
    const auto table = reference::Tsv::parse(std::string(input.substr(std::min(end + 1, input.size()))), "list");
    if (!table) {
        if (table.error().message.empty() || table.error().where.empty()) std::abort();
        return 0;
    }
    for (const char* name : {"diplomas", "regios", "talen"}) {
        const auto list = reference::read_list(*reference::find_list_source(name), *table);
        if (!list) {
            if (list.error().message.empty() || !list.error().where.starts_with("list:")) std::abort();
        } else if (is_valid_utf8(keyword)) {
            check(*list, keyword);
        }
    }
    return 0;
}
