using System.Text.Json.Serialization;
using EdgeShelf.Shelf;

namespace EdgeShelf.Logging;

/// <summary>The settings of the log, as the compiler describes them for <see cref="SettingsBinder"/>.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, UseStringEnumConverter = true)]
[JsonSerializable(typeof(LogOptions))]
sealed partial class LoggingJson : JsonSerializerContext;
