/** Stands in for the Direct Line client's other transport, App Service Extension streaming, which is not offered here. */
export const DirectLineStreaming = undefined
