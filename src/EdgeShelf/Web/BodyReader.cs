using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace EdgeShelf.Web;

/// <summary>Reads the body of a request as bytes. Its size, type and time are limited.</summary>
sealed class BodyReader(TimeProvider clock)
{
    static readonly TimeSpan BodyWithin = TimeSpan.FromSeconds(30);

    /// <param name="maxBytes">The maximum size of the body, in bytes.</param>
    /// <param name="types">The media types that are accepted. The first one is taken for granted if the body is empty.</param>
    /// <returns>The body and its media type, which is one of the accepted ones.</returns>
    /// <exception cref="UploadException">The body is of another type, too large or too slow.</exception>
    public async Task<(byte[] Bytes, string Type)> ReadAsync(HttpRequest request, int maxBytes, string[] types, CancellationToken cancellationToken)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limitOfBody)
            limitOfBody.MaxRequestBodySize = maxBytes;
        using CancellationTokenSource limit = new(BodyWithin, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using MemoryStream body = new();
            await request.Body.CopyToAsync(body, either.Token);
            return (body.ToArray(), TypeOf(request.ContentType, body.Length == 0, types));
        }
        catch (OperationCanceledException slow) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new UploadException(StatusCodes.Status408RequestTimeout, "too-slow", $"The body did not arrive within {BodyWithin.TotalSeconds:0} s.", "Use a better connection.", slow);
        }
        catch (BadHttpRequestException bad) when (bad.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new UploadException(bad.StatusCode, "too-large", $"The body may have {maxBytes / 1_000_000d:0.#} MB.", "Send a smaller document.", bad);
        }
        catch (BadHttpRequestException bad)
        {
            throw new UploadException(bad.StatusCode, "bad-request", bad.Message, "The connection ended early or was too slow; send it again.", bad);
        }
    }

    static string TypeOf(string? given, bool isEmpty, string[] types)
    {
        if (isEmpty && string.IsNullOrEmpty(given))
            return types[0];
        if (MediaTypeHeaderValue.TryParse(given, out MediaTypeHeaderValue? parsed) && types.FirstOrDefault(type => parsed.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)) is { } accepted)
            return accepted;
        throw new UploadException(
            StatusCodes.Status415UnsupportedMediaType, "wrong-type", $"The Content-Type is {(string.IsNullOrEmpty(given) ? "empty" : $"\"{given[..Math.Min(given.Length, 100)]}\"")}.", $"Send {string.Join(" or ", types)}.");
    }
}
