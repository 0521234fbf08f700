namespace Countersign.Native;

/// <summary>What became of a call on an SSL that did not succeed: SSL_get_error's answer, told from the error queue and errno.</summary>
/// <param name="IsFinal">The call is over; otherwise it is to be made again.</param>
/// <param name="IsBroken">Nothing more can be sent, not even close_notify.</param>
internal readonly record struct TlsFailure(TlsStatus Status, bool IsFinal = false, bool IsBroken = false, int SystemError = 0, TlsError? Error = null)
{
    public static unsafe TlsFailure Of(nint ssl, int result, int errno, string call)
    {
        var kind = NativeConnection.Error(ssl, result);
        switch (kind)
        {
            case NativeConnection.ErrorWantRead:
                return new(TlsStatus.WantRead);
            case NativeConnection.ErrorWantWrite:
                return new(TlsStatus.WantWrite);
            case NativeConnection.ErrorWantClientHello or NativeConnection.ErrorWantLookup
                or NativeConnection.ErrorWantAsync or NativeConnection.ErrorWantRetryVerify:
                return new(TlsStatus.Suspended);
            case NativeConnection.ErrorZeroReturn:
                // SSL_OP_IGNORE_UNEXPECTED_EOF makes both endings look alike; only the BIO knows that the stream ended.
                var isEnd = NativeBio.Control(NativeConnection.ReadBio(ssl), NativeBio.CommandEnd, 0, null) == 1;
                return new(isEnd ? TlsStatus.Ended : TlsStatus.Closed, IsFinal: true);
        }
        var failed = kind == NativeConnection.ErrorSystem ? errno : 0;
        if (NativeError.Peek() == 0)
        {
            return new(failed == 0 ? TlsStatus.Ended : TlsStatus.SystemError, IsFinal: true, IsBroken: true, failed);
        }
        return new(TlsStatus.Failed, IsFinal: true, IsBroken: true, failed, TlsError.Take(call, kind));
    }
}
