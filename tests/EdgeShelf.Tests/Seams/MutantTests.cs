using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Seams;

/// <summary>Pictures made to exhaust a decoder, sent to a service that has 512 MB. EDGESHELF_MUTANTS sets how many; the suite sends a few hundred.</summary>
public sealed class MutantTests : IDisposable
{
    const long Limit = 512L << 20;
    const int Usual = 300;

    /// <summary>What comes and goes between two looks at an idle service, in kB: the collector keeps a free region of 32 MB, and malloc some of its heap. A leak of 7 kB a picture shows in 10,000.</summary>
    const long Slack = 64_000;

    /// <summary>A result, a refusal that is the picture's fault, or a moment without memory. 500 would be a fault of the service.</summary>
    static readonly HttpStatusCode[] Allowed = [HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity, HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.ServiceUnavailable];

    readonly TemporaryFolder _folder = new();
    readonly HttpClient _http = new();
    readonly PictureMutants _mutants = new();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task MutantsOfPicturesTakeNoMoreMemoryThanThereIsAndGiveItBack()
    {
        using MemoryGroup memory = MemoryGroup.Create(Limit);
        int count = int.TryParse(Environment.GetEnvironmentVariable("EDGESHELF_MUTANTS"), NumberStyles.None, CultureInfo.InvariantCulture, out int asked) ? asked : Usual;
        int port = FreePort.Next();
        _http.BaseAddress = new Uri($"http://127.0.0.1:{port}");
        using EdgeShelfProcess service = Start(memory, port);
        await Wait.UntilAsync(() => IsUp(), TimeSpan.FromMinutes(2), $"up; {service.Output} {service.Errors}");
        // What a service needs once: code, buffers, the first pictures of each kind.
        await SendAsync(0, Usual / 4);
        await AssertRedIsAnsweredAsync();
        long before = await SettledMemoryAsync(service.Id, enough: 0);

        Dictionary<HttpStatusCode, int> answers = await SendAsync(Usual, count);

        await AssertRedIsAnsweredAsync();
        long after = await SettledMemoryAsync(service.Id, before + Slack);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{count} mutants: {string.Join(", ", answers.Select(answer => $"{(int)answer.Key} {answer.Value}"))}; anonymous memory {before} kB before, {after} kB after, resident at most {ProcessMemory.Peak(service.Id)} kB, the group at most {memory.Peak / 1024} kB");
        // A mutation that every decoder refuses tests nothing.
        Assert.True(answers.GetValueOrDefault(HttpStatusCode.OK) > count / 10, $"Only {answers.GetValueOrDefault(HttpStatusCode.OK)} of {count} were decoded.");
        Assert.True(after < before + Slack, $"{after} kB afterwards, {before} kB before");
        Assert.Equal(0, service.Terminate());
        Assert.DoesNotContain("ERR", service.Output, StringComparison.Ordinal);
    }

    EdgeShelfProcess Start(MemoryGroup memory, int port) => EdgeShelfProcess.StartBy(
        _folder.File("state"), [.. memory.Prefix, EdgeShelfProcess.Program, "run", "--set", "Capture:Camera=folder", "--set", $"Capture:Folder:Path={_folder.Path}", "--set", "Capture:Interval=0",
        "--set", $"Models:Name={TinyModel.Name}", "--set", $"Models:Trained={TinyModel.WriteTo(_folder.File("models"))}", "--set", $"Publish:Broker=mqtt://127.0.0.1:{FreePort.Next()}",
        "--set", $"Web:Port={port}", "--set", "Log:ToFile=false"]);

    bool IsUp()
    {
        try
        {
            return _http.GetAsync("/healthz").GetAwaiter().GetResult().IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    async Task<Dictionary<HttpStatusCode, int>> SendAsync(int firstSeed, int count)
    {
        Dictionary<HttpStatusCode, int> answers = [];
        ParallelOptions four = new() { MaxDegreeOfParallelism = 4, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(firstSeed, count), four, async (seed, cancellation) =>
        {
            byte[] mutant = _mutants.Of(seed);
            using HttpResponseMessage response = await PredictAsync(mutant);
            string body = await response.Content.ReadAsStringAsync(cancellation);
            Assert.True(Allowed.Contains(response.StatusCode), $"Seed {seed}: {(int)response.StatusCode} {body}");
            lock (answers)
                answers[response.StatusCode] = answers.GetValueOrDefault(response.StatusCode) + 1;
        });
        return answers;
    }

    async Task<HttpResponseMessage> PredictAsync(byte[] picture)
    {
        using ByteArrayContent body = new(picture);
        body.Headers.ContentType = new MediaTypeHeaderValue(picture[0] == 0xFF ? "image/jpeg" : "image/png");
        return await _http.PostAsync("/predict", body, TestContext.Current.CancellationToken);
    }

    async Task AssertRedIsAnsweredAsync()
    {
        using HttpResponseMessage response = await PredictAsync(PicturesOf.Plain(SKColors.Red));
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("Red-Apple", answer.RootElement.GetProperty("slots")[0].GetProperty("top")[0].GetProperty("label").GetString());
    }

    /// <summary>The service gives memory back when it has been idle for some seconds.</summary>
    /// <param name="enough">Ends the wait, in kB.</param>
    /// <returns>The lowest that was seen, in kB.</returns>
    static async Task<long> SettledMemoryAsync(int process, long enough)
    {
        long lowest = long.MaxValue;
        await Wait.TryUntilAsync(
            () =>
            {
                lowest = Math.Min(lowest, ProcessMemory.Anonymous(process));
                return lowest < enough;
            },
            TimeSpan.FromSeconds(25));
        return lowest;
    }
}
