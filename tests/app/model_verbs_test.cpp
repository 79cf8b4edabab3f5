#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/app/vl2_process.h"

namespace vl::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

void copyModel(const fs::path& target, const std::string& name = "micro-tiny") {
  fs::create_directories(target.parent_path());
  fs::copy(microModel(name), target, fs::copy_options::recursive);
}

void changeLanguageConfig(const fs::path& folder, const std::string& key, const json& value) {
  json config = readJson(folder / "config.json");
  config["language_config"][key] = value;
  writeFile(folder / "config.json", config.dump());
}

Finished info(const fs::path& folder) {
  return runVl2({"info", "--json", "--model", folder.string()});
}

TEST(Info, HasEveryKey) {
  const Finished run = info(microModel("micro-small"));
  ASSERT_EQ(run.exitCode, 0) << run.err;
  EXPECT_EQ(run.err, "");
  const json found = jsonOf(run);
  EXPECT_EQ(found["variant"], "custom");
  EXPECT_EQ(found["architecture"], "deepseek_vl_v2");
  EXPECT_EQ(found["weight_type"], "bf16");
  EXPECT_EQ(found["context"], 4096);
  EXPECT_GT(found["parameters"], 0);
  // BF16: two bytes a parameter, and the headers.
  EXPECT_GT(found["weights_bytes"], 2 * found["parameters"].get<std::size_t>());
  EXPECT_EQ(found["vision"]["width"], 144);
  EXPECT_EQ(found["language"]["hidden_size"], 128);
  EXPECT_EQ(found["language"]["attention"], "mla");
  const json& memory = found["memory"];
  EXPECT_EQ(memory["total"], memory["weights"].get<std::size_t>() +
                                 memory["kv_cache"].get<std::size_t>() +
                                 memory["scratch"].get<std::size_t>());
  EXPECT_GT(memory["available"], 0);
}

TEST(Info, ReadableTextWithoutJson) {
  const Finished run = runVl2({"info", "--model", microModel()});
  EXPECT_EQ(run.exitCode, 0);
  EXPECT_NE(run.out.find("\nweights     "), std::string::npos) << run.out;
}

TEST(BrokenModel, IsExitThreeWithASentence) {
  const ScratchFolder scratch;
  EXPECT_EQ(info(scratch / "nothing").exitCode, 3);
  for (const std::string file : {"config.json", "processor_config.json", "model.safetensors"}) {
    const fs::path folder = scratch / file;
    copyModel(folder);
    writeFile(folder / file, "{");
    const Finished run = info(folder);
    EXPECT_EQ(run.exitCode, 3) << file;
    EXPECT_NE(run.err.find(file), std::string::npos) << run.err;
    EXPECT_EQ(run.out, "") << file;
  }
  const fs::path folder = scratch / "tokenizer";
  copyModel(folder);
  writeFile(folder / "tokenizer.json", "[]");
  EXPECT_EQ(runVl2({"ask", "hello", "--model", folder.string()}).exitCode, 3);
  EXPECT_EQ(runVl2({"tokenize", "--text", "a", "--model", folder.string()}).exitCode, 3);
}

TEST(MemoryPlan, AModelThatDoesNotFitIsExitFourWithNumbers) {
  const ScratchFolder scratch;
  copyModel(scratch / "huge");
  // 2^24 positions * 1000 layers * 2 * 80 values * 4 bytes are 10 TB of KV cache.
  changeLanguageConfig(scratch / "huge", "max_position_embeddings", 1 << 24);
  changeLanguageConfig(scratch / "huge", "num_hidden_layers", 1000);
  const Finished run = runVl2({"ask", "hello", "--model", (scratch / "huge").string()});
  EXPECT_EQ(run.exitCode, 4) << run.err;
  EXPECT_NE(run.err.find("KV cache"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("--force"), std::string::npos) << run.err;
}

TEST(DefaultModel, IsTheBundledOneThenTheFirstOfTheModelsFolder) {
  const ScratchFolder scratch;
  const fs::path program = scratch / "bin/vl2";
  fs::create_directories(program.parent_path());
  fs::copy_file(VL_VL2, program);
  const Environment environment{{"XDG_DATA_HOME", (scratch / "data").string()}};
  const auto chosen = [&] {
    Vl2Process process({"info"}, environment, program);
    const Finished run = process.finish();
    return std::to_string(run.exitCode) + ' ' + run.err;
  };

  EXPECT_EQ(chosen().find("3 vl2: No model is bundled"), 0u) << chosen();
  copyModel(scratch / "data/vl2-desk/models/.first.download");  // still on its way
  EXPECT_EQ(chosen().find("3 vl2: No model is bundled"), 0u) << chosen();
  const fs::path second = scratch / "data/vl2-desk/models/second";
  copyModel(second);
  EXPECT_EQ(chosen(), "0 vl2: model " + second.string() + '\n');
  const fs::path first = scratch / "data/vl2-desk/models/first";
  copyModel(first);
  EXPECT_EQ(chosen(), "0 vl2: model " + first.string() + '\n');
  const fs::path bundled = scratch / "share/vl2-desk/models/starter";
  copyModel(bundled);
  EXPECT_EQ(chosen(), "0 vl2: model " + bundled.string() + '\n');
}

TEST(Tokenize, RoundTrips) {
  const std::string text = "Hello <|User|>, 你好! <|ref|>1234<|/ref|> ½\n\xF0\x9F\x90\x88";
  for (const std::string model : {"micro-tiny", "micro-small", "micro-base"}) {
    const Finished tokens =
        runVl2({"tokenize", "--text", text, "--json", "--model", microModel(model)});
    ASSERT_EQ(tokens.exitCode, 0) << tokens.err;
    const json found = jsonOf(tokens);
    ASSERT_EQ(found["ids"].size(), found["tokens"].size());
    const Finished back =
        runVl2({"detokenize", "--json", "--model", microModel(model), found["ids"].dump()});
    ASSERT_EQ(back.exitCode, 0) << back.err;
    EXPECT_EQ(jsonOf(back)["text"], text);
    const Finished fromStdin =
        runVl2({"tokenize", "--file", "-", "--model", microModel(model)}, text);
    EXPECT_EQ(jsonOf(fromStdin), found);
  }
}

TEST(Tokenize, RawSpecialsRecognisesRoles) {
  const Words words{"tokenize", "--text", "<|User|>", "--json", "--model", microModel()};
  EXPECT_GT(jsonOf(runVl2(words))["ids"].size(), 1u);
  Words raw = words;
  raw.push_back("--raw-specials");
  EXPECT_EQ(jsonOf(runVl2(raw)), (json{{"ids", {3780}}, {"tokens", {"<|User|>"}}}));
}

TEST(Tiles, HashesAreThoseOfTheOfficialCode) {
  const fs::path goldens = VL_MODEL_DATA "/goldens/model/micro-tiny";
  const json cases = readJson(goldens / "manifest.json")["cases"];
  for (const std::string name : {"one_image", "two_image", "three_image"}) {
    SCOPED_TRACE(name);
    const json& golden = cases[name];
    Words words{"tiles", "--json", "--model", microModel()};
    for (const json& image : golden["images"]) {
      words.push_back((goldens / image.get<std::string>()).string());
    }
    const Finished run = runVl2(words);
    ASSERT_EQ(run.exitCode, 0) << run.err;
    const json found = jsonOf(run);
    ASSERT_EQ(found.size(), golden["images"].size());
    json hashes = json::array();
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i]["image"], words[4 + i]);
      EXPECT_EQ(found[i]["grid"], golden["images_spatial_crop"][i]);
      EXPECT_EQ(found[i]["tokens"], golden["num_image_tokens"][i]);
      EXPECT_GT(found[i]["width"], 0);
      EXPECT_GT(found[i]["height"], 0);
      for (const json& tile : found[i]["tiles"]) hashes.push_back(tile["sha256"]);
    }
    EXPECT_EQ(hashes, golden["tile_sha256_rgb_u8"]);
  }
}

TEST(Tiles, BadImagesAreExitThree) {
  const ScratchFolder scratch;
  writeFile(scratch / "empty.png", "");
  writeFile(scratch / "text.png", "no image");
  for (const std::string name : {"missing.png", "empty.png", "text.png"}) {
    const Finished run = runVl2({"tiles", "--model", microModel(), (scratch / name).string()});
    EXPECT_EQ(run.exitCode, 3) << name;
    EXPECT_NE(run.err.find(name), std::string::npos) << run.err;
    EXPECT_EQ(run.out, "") << name;
  }
}

TEST(Convert, MakesAModelThatAnswers) {
  const json original = jsonOf(info(microModel()));
  EXPECT_EQ(original["weight_types"]["language"], json::array({"bf16"}));
  for (const std::string type : {"q8_0", "q4"}) {
    const ScratchFolder scratch;
    const std::string target = (scratch / type).string();
    const Finished run =
        runVl2({"convert", microModel(), target, "--type", type, "--threads", "2", "--json"});
    ASSERT_EQ(run.exitCode, 0) << run.err;
    EXPECT_EQ(jsonOf(run)["weight_type"], type);
    const json converted = jsonOf(info(target));
    EXPECT_EQ(converted["weight_type"], type);
    EXPECT_EQ(converted["weight_types"]["language"][0], type);
    EXPECT_EQ(converted["weight_types"]["vision"][0], "q8_0");
    EXPECT_EQ(converted["weight_types"]["embeddings"], json::array({"q8_0"}));
    EXPECT_EQ(converted["parameters"], original["parameters"]);
    EXPECT_LT(converted["weights_bytes"], original["weights_bytes"]);
    EXPECT_EQ(jsonOf(run)["weights_bytes"], converted["weights_bytes"]);
    // The table of embeddings is mapped, but read by rows: the plan leaves it out.
    EXPECT_GT(converted["memory"]["weights"], 0);
    EXPECT_LT(converted["memory"]["weights"], converted["weights_bytes"]);
    EXPECT_EQ(runVl2({"ask", "hello", "--max-tokens", "2", "--model", target}).exitCode, 0);
    EXPECT_EQ(runVl2({"convert", microModel(), target, "--type", type}).exitCode, 3);
  }
}

TEST(Convert, RefusesATypeThatIsNotThere) {
  const ScratchFolder scratch;
  const Finished run = runVl2({"convert", microModel(), (scratch / "x").string(), "--type", "q5"});
  EXPECT_EQ(run.exitCode, 2);
  EXPECT_NE(run.err.find("q8_0 or q4"), std::string::npos) << run.err;
}

TEST(Convert, ModelOptionTakesThePlaceOfTheSource) {
  const ScratchFolder scratch;
  const std::string target = (scratch / "q8").string();
  EXPECT_EQ(runVl2({"convert", "--model", microModel(), target, "--type", "q8_0"}).exitCode, 0);
  EXPECT_EQ(info(target).exitCode, 0);
}

}  // namespace
}  // namespace vl::test
