using System.Net;
using System.Text;
using System.Text.Json;
using EdgeShelf.Teaching.Training;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeShelf.Tests.Web;

/// <summary>`/api/model`: a training as a job, and the choice of the model.</summary>
public sealed class ModelRoutesTests
{
    [Fact]
    public async Task ATrainingThatFailsSaysWhyAndTheNextOneMayBegin()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        JsonElement before = await shelf.GetAsync("/api/model");
        Assert.Equal(("tiny", "idle", 0), (before.GetProperty("name").GetString(), before.GetProperty("job").GetProperty("state").GetString(), before.GetProperty("examples").GetInt32()));

        JsonElement started = await SendAsync(shelf, HttpMethod.Post, "/api/model/train", "", HttpStatusCode.OK);
        Assert.Equal("running", started.GetProperty("job").GetProperty("state").GetString());
        JsonElement second = await SendAsync(shelf, HttpMethod.Post, "/api/model/train", "", HttpStatusCode.Conflict);
        Assert.Equal("conflict", second.GetProperty("code").GetString());

        // The tiny network was not made by `model quantize`.
        JsonElement failed = await EndedAsync(shelf);
        Assert.Equal("failed", failed.GetProperty("state").GetString());
        Assert.Contains("model quantize", failed.GetProperty("problem").GetString(), StringComparison.Ordinal);
        await SendAsync(shelf, HttpMethod.Post, "/api/model/train", """{"only_taught":true}""", HttpStatusCode.OK);
        await EndedAsync(shelf);
        await SendAsync(shelf, HttpMethod.Post, "/api/model/train", """{"other":1}""", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task ATrainingIsCancelledAndEndsWithTheService()
    {
        ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync(("Models:Name", "grocery-81"), ("Planogram:MinLikeness", "0"));
        string[] running;
        await using (shelf)
        {
            Packs.Teach(shelf.File("state"), Packs.Enough, "tea", "coffee");
            await SendAsync(shelf, HttpMethod.Post, "/api/model/train", "", HttpStatusCode.OK);
            TrainingJob job = shelf.Services.GetRequiredService<TrainingJob>();
            await Wait.UntilAsync(() => job.Now.Step is not null, TimeSpan.FromMinutes(1), "the training begins");
            Assert.NotEmpty(Trainings(shelf));

            JsonElement cancelled = await SendAsync(shelf, HttpMethod.Delete, "/api/model/train", null, HttpStatusCode.OK);

            Assert.Equal("cancelled", cancelled.GetProperty("job").GetProperty("state").GetString());
            Assert.Empty(Trainings(shelf));
            await SendAsync(shelf, HttpMethod.Delete, "/api/model/train", null, HttpStatusCode.OK);
            await SendAsync(shelf, HttpMethod.Post, "/api/model/train", "", HttpStatusCode.OK);
            await Wait.UntilAsync(() => job.Now.Step is not null, TimeSpan.FromMinutes(1), "the training begins");
            running = Trainings(shelf);
            Assert.NotEmpty(running);
            Assert.Equal("19", File.ReadAllText($"/proc/{running[0]}/stat").Split(' ')[18]);
        }
        Assert.All(running, id => Assert.False(Directory.Exists($"/proc/{id}")));
    }

    [Fact]
    public async Task AModelIsPutInUseAndTakenBackAndWhatIsNoModelIsRefused()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();
        TinyModel.WriteTo(shelf.Models, name: "tiny-2");
        TinyModel.WriteTo(shelf.Models, name: "damaged");
        File.WriteAllText(Path.Combine(shelf.Models, "damaged", "labels.csv"), "index,label\n0,a\n");

        JsonElement used = await SendAsync(shelf, HttpMethod.Post, "/api/model/use", """{"name":"tiny-2"}""", HttpStatusCode.OK);
        Assert.Equal(("tiny-2", "tiny-2", "tiny"), (used.GetProperty("name").GetString(), used.GetProperty("in_use").GetProperty("name").GetString(), used.GetProperty("predecessor").GetString()));
        JsonElement refused = await SendAsync(shelf, HttpMethod.Post, "/api/model/use", """{"name":"damaged"}""", HttpStatusCode.Conflict);
        Assert.Equal("model-refused", refused.GetProperty("code").GetString());
        await SendAsync(shelf, HttpMethod.Post, "/api/model/use", """{"name":"../models/tiny"}""", HttpStatusCode.NotFound);
        await SendAsync(shelf, HttpMethod.Post, "/api/model/use", """{"name":"no such"}""", HttpStatusCode.NotFound);
        await SendAsync(shelf, HttpMethod.Post, "/api/model/use", "{}", HttpStatusCode.BadRequest);
        Assert.Equal("tiny-2", (await shelf.GetAsync("/api/model")).GetProperty("name").GetString());

        JsonElement back = await SendAsync(shelf, HttpMethod.Post, "/api/model/rollback", "", HttpStatusCode.OK);

        Assert.Equal(("tiny", "tiny-2"), (back.GetProperty("name").GetString(), back.GetProperty("predecessor").GetString()));
    }

    [Fact]
    public async Task WithoutAnEarlierModelThereIsNothingToGoBackTo()
    {
        await using ShelfOnTheWeb shelf = await ShelfOnTheWeb.StartAsync();

        JsonElement refused = await SendAsync(shelf, HttpMethod.Post, "/api/model/rollback", "", HttpStatusCode.Conflict);

        Assert.Contains("No model was in use before", refused.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    /// <summary>The processes of trainings that work on this shelf's state.</summary>
    static string[] Trainings(ShelfOnTheWeb shelf) =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(folder => Path.GetFileName(folder)).Where(id => int.TryParse(id, out _)).Where(id =>
        {
            try
            {
                return File.ReadAllText($"/proc/{id}/cmdline").Contains($"Shelf:State={shelf.File("state")}", StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        })
    ];

    internal static async Task<JsonElement> EndedAsync(ShelfOnTheWeb shelf)
    {
        TrainingJob job = shelf.Services.GetRequiredService<TrainingJob>();
        // A training has the lowest priority, and waits for whatever else this machine does.
        await Wait.UntilAsync(() => job.Now.State != TrainingState.Running, TimeSpan.FromMinutes(8), "the training ends");
        return (await shelf.GetAsync("/api/model")).GetProperty("job");
    }

    internal static async Task<JsonElement> SendAsync(ShelfOnTheWeb shelf, HttpMethod method, string path, string? json, HttpStatusCode status)
    {
        using HttpRequestMessage request = new(method, path) { Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json") };
        using HttpResponseMessage response = await shelf.Http.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == response.StatusCode, $"{method} {path} {json} was answered with {response.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
