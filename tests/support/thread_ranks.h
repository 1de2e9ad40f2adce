// Ranks as threads of one process: a GradientSync for tests.
#pragma once

#include <barrier>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

#include "graft/device/torch.h"
#include "graft/train/own_parts.h"

namespace graft::test {

class ThreadRanks {
 public:
  // Calls `work` once per rank, each in a separate thread. Rethrows an exception of one of them.
  static void run(int world_size, const std::function<void(GradientSync&)>& work) {
    ThreadRanks ranks(world_size);
    std::vector<std::thread> threads;
    std::vector<std::exception_ptr> failures(static_cast<std::size_t>(world_size));
    for (int rank = 0; rank < world_size; ++rank) {
      threads.emplace_back([&, rank] {
        Rank sync(ranks, rank);
        try {
          work(sync);
        } catch (...) {
          failures[static_cast<std::size_t>(rank)] = std::current_exception();
          ranks.barrier_.arrive_and_drop();  // so that the others do not wait
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const std::exception_ptr& failure : failures) {
      if (failure) std::rethrow_exception(failure);
    }
  }

 private:
  class Rank : public GradientSync {
   public:
    Rank(ThreadRanks& ranks, int rank) : ranks_(ranks), rank_(rank) {}
    int rank() const override { return rank_; }
    int world_size() const override { return static_cast<int>(ranks_.given_.size()); }
    void sum(const std::vector<torch::Tensor>& tensors) override {
      const torch::NoGradGuard no_gradients;
      const auto all = exchange(tensors);
      for (std::size_t i = 0; i < tensors.size(); ++i) {
        tensors[i].zero_();
        for (const auto& of_rank : all) tensors[i].add_(of_rank.at(i));
      }
    }
    std::vector<torch::Tensor> gather(const torch::Tensor& tensor) override {
      std::vector<torch::Tensor> gathered;
      for (const auto& of_rank : exchange({tensor})) gathered.push_back(of_rank.at(0));
      return gathered;
    }

   private:
    std::vector<std::vector<torch::Tensor>> exchange(const std::vector<torch::Tensor>& own) {
      auto& place = ranks_.given_[static_cast<std::size_t>(rank_)];
      place.clear();
      for (const torch::Tensor& tensor : own) place.push_back(tensor.clone());
      ranks_.barrier_.arrive_and_wait();
      const auto all = ranks_.given_;
      ranks_.barrier_.arrive_and_wait();
      return all;
    }

    ThreadRanks& ranks_;
    int rank_;
  };

  explicit ThreadRanks(int world_size) : barrier_(world_size), given_(static_cast<std::size_t>(world_size)) {}

  std::barrier<> barrier_;
  std::vector<std::vector<torch::Tensor>> given_;  // by rank
};

}  // namespace graft::test
