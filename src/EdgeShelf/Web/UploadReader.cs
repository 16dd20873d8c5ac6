using EdgeShelf.Shelf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace EdgeShelf.Web;

/// <summary>Reads the pictures of a request: the `image` files of a form, or the body itself. Their size, number and time are limited.</summary>
sealed class UploadReader(TimeProvider clock)
{
    /// <summary>Size limit of all pictures of a request together, in bytes.</summary>
    public const int MaxBytes = 10_000_000;

    /// <summary>Maximum number of pictures in a request. They run as one batch, and the shelf's own picture waits for it.</summary>
    public const int MaxPictures = 8;

    /// <summary>Size limit of the body, in bytes: the pictures and the parts of the form around them.</summary>
    public const int MaxBodyBytes = MaxBytes + (64 << 10);

    /// <summary>Minimum rate of an upload. A slower upload is aborted after five seconds. A small photo of 100 kB needs about this rate to arrive in time.</summary>
    public const int MinBytesPerSecond = 4 << 10;

    const int MaxBoundaryLength = 200;
    const int MaxNameLength = 100;
    static readonly TimeSpan BodyWithin = TimeSpan.FromSeconds(30);

    /// <returns>At least one frame, in the order of the form.</returns>
    /// <exception cref="UploadException">The request is not a form with pictures, is too large, or is too slow.</exception>
    public async Task<IReadOnlyList<Frame>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type))
            throw WrongType(request.ContentType);
        using CancellationTokenSource limit = new(BodyWithin, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
                return await ReadFormAsync(request, type, either.Token);
            if (type.MediaType.Equals("image/jpeg", StringComparison.OrdinalIgnoreCase) || type.MediaType.Equals("image/png", StringComparison.OrdinalIgnoreCase))
                return [NewFrame(await ReadPictureAsync(request.Body, MaxBytes, either.Token), null)];
            throw WrongType(request.ContentType);
        }
        catch (OperationCanceledException slow) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new UploadException(StatusCodes.Status408RequestTimeout, "too-slow", $"The pictures did not arrive within {BodyWithin.TotalSeconds:0} s.", "Send a smaller picture, or use a better connection.", slow);
        }
        catch (BadHttpRequestException bad) when (bad.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw TooLarge(bad);
        }
        catch (BadHttpRequestException bad)
        {
            throw new UploadException(bad.StatusCode, "bad-request", bad.Message, "The connection ended early or was too slow; send it again.", bad);
        }
        catch (Exception bad) when (bad is InvalidDataException or IOException && !cancellationToken.IsCancellationRequested)
        {
            throw new UploadException(StatusCodes.Status400BadRequest, "bad-form", $"The form cannot be read: {bad.Message}", "Send multipart/form-data as browsers and curl -F do.", bad);
        }
    }

    async Task<IReadOnlyList<Frame>> ReadFormAsync(HttpRequest request, MediaTypeHeaderValue type, CancellationToken cancellationToken)
    {
        string boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        if (boundary.Length is 0 or > MaxBoundaryLength)
            throw new UploadException(StatusCodes.Status400BadRequest, "bad-form", $"The form's boundary has {boundary.Length} characters; 1 to {MaxBoundaryLength} are allowed.", "Send multipart/form-data as browsers and curl -F do.");
        MultipartReader form = new(boundary, request.Body) { HeadersCountLimit = 8, HeadersLengthLimit = 4096, BodyLengthLimit = MaxBodyBytes };
        List<Frame> frames = [];
        int left = MaxBytes;
        while (await form.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out ContentDispositionHeaderValue? part) || HeaderUtilities.RemoveQuotes(part.Name) != "image")
                continue;
            if (frames.Count == MaxPictures)
                throw new UploadException(StatusCodes.Status413PayloadTooLarge, "too-many", $"A request may hold {MaxPictures} pictures.", "Send the others in a second request.");
            ReadOnlyMemory<byte> bytes = await ReadPictureAsync(section.Body, left, cancellationToken);
            left -= bytes.Length;
            frames.Add(NewFrame(bytes, NameOf(part)));
        }
        return frames.Count > 0
            ? frames
            : throw new UploadException(StatusCodes.Status400BadRequest, "no-image", "The form has no field `image`.", "curl -F image=@photo.jpg sends one.");
    }

    static async Task<ReadOnlyMemory<byte>> ReadPictureAsync(Stream body, int limit, CancellationToken cancellationToken)
    {
        MemoryStream picture = new();
        byte[] buffer = new byte[32 << 10];
        while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (picture.Length + read > limit)
                throw TooLarge(null);
            picture.Write(buffer, 0, read);
        }
        return picture.GetBuffer().AsMemory(0, (int)picture.Length);
    }

    Frame NewFrame(ReadOnlyMemory<byte> bytes, string? name) => new(bytes, "upload", name, clock.GetUtcNow(), TimeSpan.Zero);

    /// <summary>Cleans the file name, which is only shown to people, of everything that a terminal or a path would interpret.</summary>
    static string? NameOf(ContentDispositionHeaderValue part)
    {
        string name = HeaderUtilities.RemoveQuotes(part.FileNameStar.HasValue ? part.FileNameStar : part.FileName).ToString();
        name = new string([.. name[(name.LastIndexOfAny(['/', '\\']) + 1)..].Where(letter => !char.IsControl(letter))]);
        return name.Length == 0 ? null : name[..Math.Min(name.Length, MaxNameLength)];
    }

    static UploadException WrongType(string? found) => new(
        StatusCodes.Status415UnsupportedMediaType, "wrong-type", $"The Content-Type is {(string.IsNullOrEmpty(found) ? "empty" : $"\"{found[..Math.Min(found.Length, MaxNameLength)]}\"")}.",
        "Send multipart/form-data with a field `image`, or a body of image/jpeg or image/png.");

    static UploadException TooLarge(Exception? inner) => new(
        StatusCodes.Status413PayloadTooLarge, "too-large", $"The pictures of a request may have {MaxBytes / 1_000_000} MB together.", "Send a smaller picture; 1000 pixels are plenty.", inner);
}
