// A cache that forgets what was used longest ago once its contents weigh too much.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace cvstroom {

// Values are shared and never changed. The caller says what each weighs (bytes, or 1 to count them).
// Thread-safe; a lock is held for the time of a look-up only.
template <typename Key, typename Value, typename Hash = std::hash<Key>>
class LruCache {
  public:
    using Pointer = std::shared_ptr<const Value>;

    explicit LruCache(std::size_t capacity) : capacity_(capacity) {}

    // Null when it is not there.
    Pointer find(const Key& key) {
        const std::lock_guard lock(mutex_);
        const auto found = entries_.find(key);
        if (found == entries_.end()) return nullptr;
        order_.splice(order_.begin(), order_, found->second);
        return found->second->value;
    }

    // Replaces what was there. What weighs more than the whole cache is not kept.
    void insert(const Key& key, Pointer value, std::size_t weight) {
        const std::lock_guard lock(mutex_);
        remove(key);
        if (weight > capacity_) return;
        order_.push_front({key, std::move(value), weight});
        entries_.emplace(key, order_.begin());
        weight_ += weight;
        while (weight_ > capacity_) remove(Key(order_.back().key));
    }

    void erase(const Key& key) {
        const std::lock_guard lock(mutex_);
        remove(key);
    }

    std::size_t weight() const {
        const std::lock_guard lock(mutex_);
        return weight_;
    }

  private:
    struct Entry {
        Key key;
        Pointer value;
        std::size_t weight;
    };

    void remove(const Key& key) {
        const auto found = entries_.find(key);
        if (found == entries_.end()) return;
        weight_ -= found->second->weight;
        order_.erase(found->second);
        entries_.erase(found);
    }

    const std::size_t capacity_;
    std::size_t weight_ = 0;
    std::list<Entry> order_;  // most recently used first
    std::unordered_map<Key, typename std::list<Entry>::iterator, Hash> entries_;
    mutable std::mutex mutex_;
};

}  // namespace cvstroom
