using System.Text;
using System.Text.Json;
using EdgeShelf.Platform;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Tests.Support;
using Microsoft.Data.Sqlite;
using SkiaSharp;

namespace EdgeShelf.Tests.Seams;

/// <summary>A picture that ends the service would end it at each start, for ever.</summary>
public sealed class PoisonTests : IDisposable
{
    const string Poison = "poison.jpg";

    readonly TemporaryFolder _folder = new();
    readonly string _state;
    readonly string _inbox;

    public PoisonTests()
    {
        _state = Directory.CreateDirectory(_folder.File("state")).FullName;
        _inbox = Directory.CreateDirectory(_folder.File("inbox")).FullName;
        TinyModel.WriteTo(_folder.File("models"));
        File.WriteAllBytes(_folder.File(Poison), PicturesOf.Plain(SKColors.Red));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AFileThatEndedTheServiceTwiceIsSetAsideAndTheNextOneIsTaken()
    {
        await KillWithThePoisonInHandAsync();
        await KillWithThePoisonInHandAsync();
        File.Copy(_folder.File(Poison), Path.Combine(_inbox, Poison));
        File.WriteAllBytes(Path.Combine(_inbox, "next.jpg"), PicturesOf.Plain(SKColors.Blue));

        using EdgeShelfProcess third = Start();
        await Wait.UntilAsync(() => Documents("result").Count > 0, TimeSpan.FromMinutes(2), $"a result; {third.Output} {third.Errors}");

        Assert.Equal("next.jpg", Assert.Single(Documents("result")).GetProperty("image").GetProperty("name").GetString());
        JsonElement told = Assert.Single(Documents("event"), one => one.GetProperty("type").GetString() == "capture-failed");
        Assert.Equal("picture-set-aside", told.GetProperty("data").GetProperty("code").GetString());
        Assert.Contains(Poison, told.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, third.Terminate());
    }

    /// <summary>The commit waits for a lock of the database, so the picture is in hand for certain when the process is killed.</summary>
    async Task KillWithThePoisonInHandAsync()
    {
        using EdgeShelfProcess service = Start();
        // The note of the run before is judged and cleared when the service starts.
        await Wait.UntilAsync(() => service.Output.Contains("INF EdgeShelf", StringComparison.Ordinal) && Note().Trim().Length == 0, TimeSpan.FromMinutes(2), $"started; {service.Output} {service.Errors}");
        using (SqliteConnection outbox = new(new SqliteConnectionStringBuilder { DataSource = Path.Combine(_state, "outbox.db"), Pooling = false, DefaultTimeout = 30 }.ToString()))
        {
            outbox.Open();
            using SqliteCommand begin = outbox.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            begin.ExecuteNonQuery();
            File.Copy(_folder.File(Poison), Path.Combine(_inbox, Poison));
            await Wait.UntilAsync(() => Note().Contains(Poison, StringComparison.Ordinal), TimeSpan.FromMinutes(2), $"in hand; {service.Output}");
            service.KillNine();
        }
        File.Delete(Path.Combine(_inbox, Poison));
    }

    EdgeShelfProcess Start() => EdgeShelfProcess.Start(
        _state, "run", "--set", "Capture:Camera=folder", "--set", $"Capture:Folder:Path={_inbox}", "--set", "Capture:Folder:Watch=true", "--set", $"Models:Name={TinyModel.Name}",
        "--set", $"Models:Trained={_folder.File("models")}", "--set", $"Publish:Broker=mqtt://127.0.0.1:{FreePort.Next()}", "--set", "Web:Enabled=false", "--set", "Log:ToFile=false");

    // Not by File.ReadAllText, which respects the lock of the service.
    string Note()
    {
        string path = Path.Combine(_state, "picture-in-hand");
        return File.Exists(path) ? Encoding.UTF8.GetString(RegularFile.ReadAllBytes(path, 2000)) : "none yet";
    }

    List<JsonElement> Documents(string topic)
    {
        using OutboxInspector outbox = OutboxInspector.Open(_state);
        return [.. outbox.Waiting(100).Where(entry => entry.Topic == topic).Select(entry => JsonDocument.Parse(entry.Payload).RootElement)];
    }
}
